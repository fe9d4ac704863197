import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { MissingRow } from '../platform/errors/index.js';
import { type FlowType, queryOf, redactRequestUrl } from '../platform/flow/index.js';
import { CSRF, type Csrf, queryText } from '../platform/http/index.js';
import { ReturnToService } from '../self-service/index.js';
import { SessionService } from '../session/index.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import { RecoveryFlowExpired, SessionAlreadyAvailable } from './recovery.errors.js';
import type { ShownFlow } from './recovery.outcome.js';
import { ReadRecoveryFlow } from './steps/read-flow.js';
import { StartRecoveryFlow } from './steps/start-flow.js';

/** The form in which a person asks for recovery: begun, and shown to whoever began it. */
@Injectable()
export class RecoveryForms {
  constructor(
    private readonly startFlow: StartRecoveryFlow,
    private readonly readFlow: ReadRecoveryFlow,
    private readonly sessions: SessionService,
    private readonly returnTo: ReturnToService,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /** @throws ReturnToForbidden, SessionAlreadyAvailable */
  async start(request: FastifyRequest, type: FlowType): Promise<ShownFlow> {
    const returnTo = this.returnTo.check(queryText(request, 'return_to'));
    if (await this.sessions.resolve(request)) throw new SessionAlreadyAvailable();
    const seed = type === 'browser' ? this.csrf.seed(request) : undefined;
    const flow = await this.startFlow.run({
      type,
      requestUrl: redactRequestUrl(this.urls.public(`/self-service/recovery/${type}`) + queryOf(request.url)),
      returnTo,
      csrfDigest: seed === undefined ? null : this.csrf.digestOf(seed),
    });
    return this.#shown(flow, request);
  }

  /** @throws MissingRow, RecoveryFlowExpired, CsrfViolation */
  async show(flowId: string | undefined, request: FastifyRequest): Promise<ShownFlow> {
    const flow = await this.readFlow.run(flowId);
    if (!flow) throw new MissingRow();
    if (flow.type === 'browser' && !flow.skipCsrf) this.csrf.checkBrowser(request, flow.csrfDigest);
    if (flow.expired) throw new RecoveryFlowExpired();
    return this.#shown(flow, request);
  }

  #shown(flow: RecoveryFlowView, request: FastifyRequest): ShownFlow {
    const seed = flow.type === 'browser' ? this.csrf.seed(request) : undefined;
    return { kind: 'shown', flow, csrfToken: seed === undefined ? '' : this.csrf.token(seed) };
  }
}
