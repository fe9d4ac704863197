import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditService } from '../../audit/index.js';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import { BadRequest, MissingRow } from '../../platform/errors/index.js';
import { type FlowType, isUuid } from '../../platform/flow/index.js';
import { CSRF, type Csrf, type FormFields, formText } from '../../platform/http/index.js';
import { MessageId } from '../../platform/ui/index.js';
import { SECOND_FACTOR_UNCHECKED, SessionService, type SessionView } from '../../session/index.js';
import { ReturnToService } from '../return-to.service.js';
import { SocialService } from '../social/social.service.js';
import type { LoginArrival } from '../social/social.view.js';
import { CompleteLogin, type LoginMethod } from './hot/complete-login.js';
import type { LoginFlowBody } from './login.dto.js';
import { LoginFlowGone } from './login.errors.js';
import type { LoginOutcome, LoginStart } from './login.outcome.js';
import { LoginPresenter } from './login.presenter.js';
import { type LoginFlow, LoginFlows, type LoginRefusal } from './persistence/login-flows.js';
import { CheckAccount } from './steps/check-account.js';
import { CheckPassword, formIdentifier, type PasswordCheck } from './steps/check-password.js';
import { RehashPassword } from './steps/rehash-password.js';
import { ReplaceLogin } from './steps/replace-login.js';
import { StartLogin } from './steps/start-login.js';

/** Characters. */
const LONGEST_SHOWN = 1_024;

/** Said to whoever knows the password, and to nobody else. */
const SECOND_FACTOR = { id: MessageId.Generic, context: { reason: SECOND_FACTOR_UNCHECKED } };

type RightPassword = Extract<PasswordCheck, { kind: 'right' }>;

/** Signing in with a password: reads where a flow stands and picks the step. */
@Injectable()
export class LoginService {
  constructor(
    private readonly flows: LoginFlows,
    private readonly startLogin: StartLogin,
    private readonly checkPassword: CheckPassword,
    private readonly completeLogin: CompleteLogin,
    private readonly rehashPassword: RehashPassword,
    private readonly checkAccount: CheckAccount,
    private readonly social: SocialService,
    private readonly replaceLogin: ReplaceLogin,
    private readonly presenter: LoginPresenter,
    private readonly sessions: SessionService,
    private readonly audit: AuditService,
    private readonly returnTo: ReturnToService,
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  async start(request: FastifyRequest, type: FlowType): Promise<LoginStart> {
    return this.startLogin.run(request, type);
  }

  /** The flow as clients see it. @throws MissingRow, CsrfViolation, LoginFlowGone */
  async show(flowId: string | undefined, request: FastifyRequest): Promise<LoginFlowBody> {
    const flow = await this.#find(flowId);
    if (flow.type === 'browser') this.csrf.checkBrowser(request, flow.csrfDigest);
    if (flow.over) throw this.#gone(flow);
    return this.presenter.present(flow, request);
  }

  /** The address of the form, for whoever comes to the address that the form is sent to. @throws BadRequest */
  formOf(flowId: string | undefined): string {
    if (!isUuid(flowId)) throw new BadRequest('The flow query parameter is missing or malformed.');
    return this.urls.ui('login', { flow: flowId });
  }

  /** @throws BadRequest, MissingRow, CsrfViolation, TooManyRequests, Unavailable */
  async submit(flowId: string | undefined, form: FormFields, request: FastifyRequest): Promise<LoginOutcome> {
    if (!isUuid(flowId)) throw new BadRequest('The flow query parameter is missing or malformed.');
    const flow = await this.#find(flowId);
    if (flow.type === 'api') this.csrf.refuseBrowser(request);
    const session = await this.sessions.resolve(request);
    if (session && !flow.refresh) return { kind: 'already_logged_in', goTo: this.#destination(flow) };
    if (flow.type === 'browser') this.csrf.checkForm(request, form['csrf_token'], flow.csrfDigest);
    if (flow.over) return this.#replace(flow, request);

    const provider = flow.type === 'browser' && this.social.offered ? providerOf(form) : undefined;
    if (provider !== undefined) return this.#toProvider(flow, provider, form, request);
    const identifier = shown(formIdentifier(form));
    if (form['method'] !== 'password' || !this.selfservice.methods.password.enabled) {
      return this.#refuse(flow, request, { messages: [{ id: MessageId.LoginNoStrategy }], identifier });
    }
    const check = await this.checkPassword.run(form, flow.refresh ? flow.identityId : null);
    switch (check.kind) {
      case 'incomplete':
        return this.#refuse(flow, request, { nodeMessages: check.nodeMessages, identifier });
      case 'wrong':
        this.audit.refused('session.login');
        return this.#refuse(flow, request, { messages: [{ id: MessageId.CredentialsInvalid }], identifier });
      case 'disabled':
        this.audit.refused('session.login', 'identity', check.identityId);
        return this.#refuse(flow, request, { messages: [{ id: MessageId.AccountDisabled }], activeMethod: 'password' });
      case 'second_factor':
        this.audit.refused('session.login', 'identity', check.identityId);
        return this.#refuse(flow, request, { messages: [SECOND_FACTOR], activeMethod: 'password' });
      case 'right':
        return this.#withPassword(flow, request, check, session);
    }
  }

  async #withPassword(
    flow: LoginFlow,
    request: FastifyRequest,
    right: RightPassword,
    old?: SessionView,
  ): Promise<LoginOutcome> {
    const { identityId } = right;
    const outcome = await this.#complete(flow, request, { identityId, method: 'password' }, old);
    if (outcome.kind === 'logged_in') await this.rehashPassword.run(right);
    return outcome;
  }

  /** The person is back from a provider. Nobody who is signed in becomes somebody else by it. @throws MissingRow */
  async finish(arrival: LoginArrival, request: FastifyRequest): Promise<LoginOutcome> {
    const flow = await this.#find(arrival.target.flowId);
    const session = await this.sessions.resolve(request);
    if (session && !flow.refresh) return { kind: 'already_logged_in', goTo: this.#destination(flow, 'oidc') };
    if (flow.over) return this.#replace(flow, request);
    const check = await this.checkAccount.run(arrival, flow.refresh ? flow.identityId : null);
    if (check.kind === 'right') return this.#complete(flow, request, { ...check, method: 'oidc' }, session);
    if (check.kind === 'refused') this.audit.refused('session.login', check.identityId && 'identity', check.identityId);
    return this.#refuse(flow, request, { messages: [check.message], activeMethod: 'oidc' });
  }

  async #toProvider(
    flow: LoginFlow,
    provider: string,
    form: FormFields,
    request: FastifyRequest,
  ): Promise<LoginOutcome> {
    const departure = await this.social.depart(provider, { kind: 'login', flowId: flow.id }, form, request);
    if (departure.kind === 'to_provider') return departure;
    return this.#refuse(flow, request, { messages: [departure.message], activeMethod: 'oidc' });
  }

  async #complete(
    flow: LoginFlow,
    request: FastifyRequest,
    right: { identityId: string; method: LoginMethod; provider?: string },
    old?: SessionView,
  ): Promise<LoginOutcome> {
    const confirms = old?.identity.id === right.identityId ? old.id : undefined;
    const token = await this.completeLogin.run({ flowId: flow.id, ...right, confirms });
    const session = token === undefined ? undefined : await this.sessions.ofToken(token);
    if (token === undefined || session === undefined) return this.#replace(flow, request);
    return { kind: 'logged_in', flow, session, token, goTo: this.#destination(flow, right.method) };
  }

  async #refuse(flow: LoginFlow, request: FastifyRequest, refusal: LoginRefusal): Promise<LoginOutcome> {
    const refused = await this.flows.refuse(flow.id, refusal);
    return refused ? { kind: 'refused', flow: refused } : this.#replace(flow, request);
  }

  async #replace(over: LoginFlow, request: FastifyRequest): Promise<LoginOutcome> {
    return { kind: 'replaced', over, flow: await this.replaceLogin.run(over, request) };
  }

  async #find(flowId: string | undefined): Promise<LoginFlow> {
    const flow = await this.flows.find(flowId);
    if (!flow) throw new MissingRow();
    return flow;
  }

  #gone(flow: LoginFlow): LoginFlowGone {
    if (flow.type === 'api') return new LoginFlowGone({ api: this.urls.public('/self-service/login/api') });
    const query = flow.returnTo === null ? undefined : { return_to: flow.returnTo };
    return new LoginFlowGone({
      redirect_to: this.urls.public('/self-service/login/browser', query),
      return_to: flow.returnTo ?? '',
    });
  }

  #destination(flow: LoginFlow, method: LoginMethod = 'password'): string {
    const { after } = this.selfservice.flows.login;
    const configured = after[method].default_browser_return_url ?? after.default_browser_return_url;
    return this.returnTo.allowed(flow.returnTo) ?? configured ?? this.selfservice.default_browser_return_url;
  }
}

/** The provider that a form asks for; one that names another method asks for none. */
function providerOf(form: FormFields): string | undefined {
  const method = formText(form, 'method') || 'oidc';
  return method === 'oidc' ? formText(form, 'provider') || undefined : undefined;
}

/** What the form shows again. No identifier is longer, and anybody may begin flows: a row must not keep what they like. */
const shown = (identifier: string | undefined): string | undefined =>
  identifier?.slice(0, LONGEST_SHOWN).toWellFormed();
