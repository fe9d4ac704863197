import { Inject, Injectable } from '@nestjs/common';
import { BadRequest, MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf, type FormFields } from '../../platform/http/index.js';
import { SessionService, type SessionView } from '../../session/index.js';
import { VETOES, type Vetoes, vetoOf } from '../../platform/vetoes/index.js';
import type { LoginArrival } from '../social/social.view.js';
import { CompleteLogin } from './hot/complete-login.js';
import { LoginChecks, type LoginVerdict, type RightPerson } from './login.checks.service.js';
import type { LoginOutcome } from './login.outcome.js';
import { LoginWaysOn } from './login.ways-on.js';
import { type LoginFlow, LoginFlows, type LoginRefusal } from './persistence/login-flows.js';
import { RememberOwner } from './steps/remember-owner.js';
import { ReplaceLogin } from './steps/replace-login.js';

/** Decides whether a form may be submitted and what happens to its flow; LoginChecks finds out who the person is. */
@Injectable()
export class LoginSubmissions {
  constructor(
    private readonly flows: LoginFlows,
    private readonly checks: LoginChecks,
    private readonly completeLogin: CompleteLogin,
    private readonly replaceLogin: ReplaceLogin,
    private readonly rememberOwner: RememberOwner,
    private readonly sessions: SessionService,
    private readonly waysOn: LoginWaysOn,
    @Inject(CSRF) private readonly csrf: Csrf,
    @Inject(VETOES) private readonly vetoes: Vetoes,
  ) {}

  /** @throws BadRequest, MissingRow, CsrfViolation, TooManyRequests, Unavailable */
  async submit(flowId: string | undefined, form: FormFields, caller: Caller): Promise<LoginOutcome> {
    if (!isUuid(flowId)) throw new BadRequest('The flow query parameter is missing or malformed.');
    const flow = await this.#find(flowId);
    if (flow.type === 'api') this.csrf.refuseBrowser(caller);
    const session = await this.sessions.resolve(caller);
    if (session && !flow.refresh) return { kind: 'already_logged_in', goTo: this.waysOn.signedIn(flow, 'password') };
    if (flow.type === 'browser') this.csrf.checkForm(caller, form['csrf_token'], flow.csrfDigest);
    if (flow.over) return this.#replace(flow, caller);
    return this.#follow(await this.checks.ofForm(flow, form, caller), flow, caller, session);
  }

  /**
   * Handles the return from a provider. A signed-in person can't become someone else this way.
   * @throws MissingRow
   */
  async finish(arrival: LoginArrival, caller: Caller): Promise<LoginOutcome> {
    const flow = await this.#find(arrival.target.flowId);
    const session = await this.sessions.resolve(caller);
    if (session && !flow.refresh) return { kind: 'already_logged_in', goTo: this.waysOn.signedIn(flow, 'oidc') };
    if (flow.over) return this.#replace(flow, caller);
    return this.#follow(await this.checks.ofArrival(flow, arrival), flow, caller, session);
  }

  async #follow(
    verdict: LoginVerdict,
    flow: LoginFlow,
    caller: Caller,
    old: SessionView | undefined,
  ): Promise<LoginOutcome> {
    switch (verdict.kind) {
      case 'to_provider':
        return verdict;
      case 'refusal':
        return this.#refuse(flow, caller, verdict.refusal);
      case 'right':
        return this.#complete(flow, caller, verdict.person, old);
    }
  }

  async #complete(
    flow: LoginFlow,
    caller: Caller,
    person: RightPerson,
    old: SessionView | undefined,
  ): Promise<LoginOutcome> {
    const { identityId, accessEpoch, method } = person;
    const provider = person.method === 'oidc' ? person.provider : undefined;
    const confirms = old?.identity.id === identityId ? old.id : undefined;
    const veto = await vetoOf(() => this.vetoes.ask('beforeSignIn', { action: 'session.login', identityId, method }));
    if (veto) return this.#refuse(flow, caller, { messages: [veto], activeMethod: method });
    const right = { flowId: flow.id, identityId, accessEpoch, method, provider, confirms };
    const { token, held } = await this.completeLogin.run(right);
    if (held) return this.#refuse(flow, caller, await this.checks.held(person, held));
    const session = token === undefined ? undefined : await this.sessions.ofToken(token);
    if (token === undefined || session === undefined) return this.#replace(flow, caller);
    await this.checks.opened(person);
    const device = await this.rememberOwner.run(caller, identityId, accessEpoch);
    return { kind: 'logged_in', flow, session, token, device, goTo: this.waysOn.signedIn(flow, method) };
  }

  async #refuse(flow: LoginFlow, caller: Caller, refusal: LoginRefusal): Promise<LoginOutcome> {
    const refused = await this.flows.refuse(flow.id, refusal);
    return refused ? { kind: 'refused', flow: refused } : this.#replace(flow, caller);
  }

  async #replace(over: LoginFlow, caller: Caller): Promise<LoginOutcome> {
    return { kind: 'replaced', over, flow: await this.replaceLogin.run(over, caller) };
  }

  async #find(flowId: string): Promise<LoginFlow> {
    const flow = await this.flows.find(flowId);
    if (!flow) throw new MissingRow();
    return flow;
  }
}
