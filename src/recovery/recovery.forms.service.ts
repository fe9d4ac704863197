import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig, Urls } from '../config/index.js';
import { MissingRow } from '../platform/errors/index.js';
import { FlowGone, type FlowStart, type FlowType, queryOf, redactRequestUrl } from '../platform/flow/index.js';
import { type Caller, CSRF, type Csrf, queryText } from '../platform/http/index.js';
import { ReturnToService } from '../self-service/index.js';
import { SessionService } from '../session/index.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import { RecoveryDisabled } from './recovery.errors.js';
import type { ShownFlow, SignedIn } from './recovery.outcome.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { StartRecoveryFlow } from './steps/start-flow.js';

/** The form in which a person requests recovery: starts it, and shows it to the browser or client that started it. */
@Injectable()
export class RecoveryForms {
  constructor(
    private readonly startFlow: StartRecoveryFlow,
    private readonly readFlow: ReadRecoveryFlow,
    private readonly sessions: SessionService,
    private readonly returnTo: ReturnToService,
    private readonly urls: Urls,
    private readonly selfservice: SelfServiceConfig,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /** Where a browser with a session is redirected instead; undefined without a session. */
  async signedIn(caller: Caller): Promise<SignedIn | undefined> {
    if (!(await this.sessions.resolve(caller))) return undefined;
    return { kind: 'signed_in', goTo: this.returnTo.ofSignedIn(queryText(caller, 'return_to')) };
  }

  /**
   * Starts a flow, unless the caller has a session: a browser is then redirected instead.
   * @throws RecoveryDisabled, ReturnToForbidden
   */
  async start(caller: Caller, type: FlowType): Promise<ShownFlow | SignedIn> {
    const signedIn = await this.signedIn(caller);
    if (signedIn) return signedIn;
    this.#refuseDisabled();
    const returnTo = this.returnTo.given(queryText(caller, 'return_to'));
    const flow = await this.startFlow.run({
      type,
      requestUrl: redactRequestUrl(this.urls.public(`/self-service/recovery/${type}`) + queryOf(caller.url)),
      returnTo,
      csrfDigest: this.csrf.bind({ type }, caller),
    });
    return this.#shown(flow, caller);
  }

  /** @throws RecoveryDisabled, MissingRow, FlowGone, CsrfViolation */
  async show(flowId: string | undefined, caller: Caller): Promise<ShownFlow> {
    this.#refuseDisabled();
    const flow = await this.readFlow.run(flowId);
    if (!flow) throw new MissingRow();
    if (flow.type === 'browser' && !flow.skipCsrf) this.csrf.checkBrowser(caller, flow.csrfDigest);
    if (flow.over) throw new FlowGone('recovery', this.#startAgain(flow));
    return this.#shown(flow, caller);
  }

  #refuseDisabled(): void {
    if (!this.selfservice.flows.recovery.enabled) throw new RecoveryDisabled();
  }

  #startAgain({ type, returnTo }: RecoveryFlowView): FlowStart {
    if (type === 'api') return { api: this.urls.public('/self-service/recovery/api') };
    const query = returnTo === null ? undefined : { return_to: returnTo };
    return {
      redirect_to: this.urls.public('/self-service/recovery/browser', query),
      return_to: returnTo ?? '',
    };
  }

  #shown(flow: RecoveryFlowView, caller: Caller): ShownFlow {
    return { kind: 'shown', flow, csrfToken: this.csrf.tokenFor(flow, caller) };
  }
}
