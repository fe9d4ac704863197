import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditService } from '../../audit/index.js';
import { RegainConfig, SelfServiceConfig, Urls } from '../../config/index.js';
import type { IdentityView } from '../../identity/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { type FlowType, isUuid, queryOf, redactRequestUrl } from '../../platform/flow/index.js';
import { CSRF, type Csrf, type FormFields, formText, queryText, readCookie } from '../../platform/http/index.js';
import { MessageId } from '../../platform/ui/index.js';
import {
  lacksSecondFactor,
  SECOND_FACTOR_UNCHECKED,
  SecondFactorRequired,
  SessionService,
  type SessionView,
} from '../../session/index.js';
import { ReturnToService } from '../return-to.service.js';
import type { SettingsArrival } from '../social/social.view.js';
import { ChangeRefused, type SettingsMethod, type Submission } from './flow/change.js';
import { methodUnknown } from './flow/refusals.js';
import type { Refusal, SettingsFlowView } from './flow/settings-flow.view.js';
import { type AccountStep, SettingsAccounts } from './settings.accounts.service.js';
import type { SettingsFlowBody } from './settings.dto.js';
import {
  SettingsFlowExpired,
  SettingsFlowParameterMalformed,
  SettingsFlowUnknown,
  SettingsIdentityMismatch,
  SettingsMethodDisabled,
  SettingsSessionMissing,
} from './settings.errors.js';
import type { SettingsOutcome } from './settings.outcome.js';
import { SettingsPresenter } from './settings.presenter.js';
import { ReadSettingsFlow } from './steps/read-flow.js';
import { RefuseSubmission } from './steps/refuse.js';
import { SetPassword } from './steps/set-password.js';
import { StartSettingsFlow } from './steps/start-flow.js';
import { UpdateProfile } from './steps/update-profile.js';

type Method = SettingsMethod;

const NATIVE_SESSION = 'This endpoint can only be accessed with a valid session. Please log in and try again.';

/** A person's own settings: begins a form, shows it, and takes what it brings back. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly sessions: SessionService,
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    private readonly returnTo: ReturnToService,
    private readonly audit: AuditService,
    private readonly presenter: SettingsPresenter,
    @Inject(CSRF) private readonly csrf: Csrf,
    private readonly startFlow: StartSettingsFlow,
    private readonly readFlow: ReadSettingsFlow,
    private readonly refuse: RefuseSubmission,
    private readonly setPassword: SetPassword,
    private readonly updateProfile: UpdateProfile,
    private readonly accounts: SettingsAccounts,
    private readonly regain: RegainConfig,
  ) {}

  /** Begins a flow for the session's identity; reads `return_to` of the query. @throws SessionMissing, SecondFactorRequired, ReturnToForbidden */
  async start(request: FastifyRequest, type: FlowType): Promise<SettingsFlowBody> {
    const session = await this.sessions.require(request, type === 'api' ? NATIVE_SESSION : undefined);
    this.#checkLevel(session);
    const { identity } = session;
    const returnTo = this.returnTo.check(queryText(request, 'return_to')) ?? null;
    const requestUrl = redactRequestUrl(this.urls.public(`/self-service/settings/${type}`) + queryOf(request.url));
    const id = await this.startFlow.run({
      type,
      identityId: identity.id,
      requestUrl,
      returnTo,
      csrfDigest: this.#digest(request, type),
    });
    return this.presenter.present(await this.#existing(id), identity, request);
  }

  /** @throws SettingsSessionMissing, SecondFactorRequired, MissingRow, SettingsIdentityMismatch, SettingsFlowExpired */
  async show(flowId: string | undefined, request: FastifyRequest): Promise<SettingsFlowBody> {
    const { identity } = await this.#session(request);
    const flow = await this.#existing(flowId);
    if (flow.identityId !== identity.id) throw new SettingsIdentityMismatch('read');
    if (flow.expiredSeconds >= 0) throw new SettingsFlowExpired(this.#begin(flow));
    await this.#bind(flow, request);
    return this.presenter.present(flow, identity, request);
  }

  /** @throws SettingsSessionMissing, SecondFactorRequired, SettingsFlowUnknown, SettingsIdentityMismatch, CsrfViolation */
  async submit(flowId: string | undefined, form: FormFields, request: FastifyRequest): Promise<SettingsOutcome> {
    const session = await this.#session(request);
    const flow = await this.#submitted(flowId, session);
    if (flow.expiredSeconds >= 0) return this.#replace(flow, request);
    if (flow.type === 'api') this.csrf.refuseBrowser(request);
    else this.csrf.checkForm(request, form['csrf_token'], flow.csrfDigest);
    try {
      return await this.#dispatch(flow, session, form, request);
    } catch (error) {
      if (error instanceof ChangeRefused) return this.#tooLate(error.verdict, flow, request);
      throw error;
    }
  }

  #dispatch(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    request: FastifyRequest,
  ): Promise<SettingsOutcome> {
    switch (formText(form, 'method')) {
      case 'password':
        return this.#password(flow, session, form, request);
      case 'profile':
        return this.#profile(flow, session, form, request);
      case 'oidc':
      case '':
      case undefined:
        return this.#account(flow, session, form, request);
      default:
        return this.#refused(flow, session.identity, methodUnknown(flow));
    }
  }

  /** The person is back from a provider. @throws SettingsSessionMissing, SecondFactorRequired, SettingsFlowUnknown, SettingsIdentityMismatch */
  async finish(arrival: SettingsArrival, request: FastifyRequest): Promise<SettingsOutcome> {
    const session = await this.#session(request);
    const flow = await this.#submitted(arrival.target.flowId, session);
    if (flow.expiredSeconds >= 0) return this.#replace(flow, request);
    try {
      return await this.#accountDone(
        flow,
        session,
        await this.accounts.finish(submission(flow, session), arrival),
        request,
      );
    } catch (error) {
      if (error instanceof ChangeRefused) return this.#tooLate(error.verdict, flow, request);
      throw error;
    }
  }

  async #account(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    request: FastifyRequest,
  ): Promise<SettingsOutcome> {
    const wish = this.accounts.wishOf(submission(flow, session), form);
    if (!wish) return this.#refused(flow, session.identity, methodUnknown(flow));
    if (!session.privileged) return this.#refreshRequired(flow);
    const step = await this.accounts.begin(submission(flow, session), wish, form, request);
    return this.#accountDone(flow, session, step, request);
  }

  async #accountDone(
    flow: SettingsFlowView,
    session: SessionView,
    step: AccountStep,
    request: FastifyRequest,
  ): Promise<SettingsOutcome> {
    switch (step.kind) {
      case 'to_provider':
        return step;
      case 'refusal':
        return this.#refused(flow, session.identity, step.refusal);
      case 'saved':
        return this.#saved('oidc', { ...flow, activeMethod: 'oidc' }, session.identity, request);
    }
  }

  async #password(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    request: FastifyRequest,
  ): Promise<SettingsOutcome> {
    this.#mustBeEnabled('password');
    if (!session.privileged) return this.#refreshRequired(flow);
    const refusal = await this.setPassword.run(submission(flow, session), formText(form, 'password') ?? '');
    return refusal
      ? this.#refused(flow, session.identity, refusal)
      : this.#saved('password', flow, session.identity, request);
  }

  async #profile(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    request: FastifyRequest,
  ): Promise<SettingsOutcome> {
    this.#mustBeEnabled('profile');
    const result = await this.updateProfile.run(submission(flow, session), session.identity, form);
    if ('refusal' in result) return this.#refused(flow, session.identity, result.refusal);
    return this.#saved('profile', flow, result.identity, request);
  }

  #mustBeEnabled(method: Method): void {
    if (!this.selfservice.methods[method].enabled) throw new SettingsMethodDisabled();
  }

  async #refused(flow: SettingsFlowView, identity: IdentityView, refusal: Refusal): Promise<SettingsOutcome> {
    return { kind: 'refused', flow: await this.refuse.run(flow, refusal), identity };
  }

  #saved(method: Method, flow: SettingsFlowView, identity: IdentityView, request: FastifyRequest): SettingsOutcome {
    const { after } = this.selfservice.flows.settings;
    const goTo =
      this.returnTo.allowed(flow.returnTo) ??
      (after[method].default_browser_return_url ||
        after.default_browser_return_url ||
        this.urls.ui('settings', { flow: flow.id }));
    const token = flow.type === 'browser' ? this.sessions.tokenOf(request) : undefined;
    const saved: SettingsFlowView = {
      ...flow,
      state: 'success',
      messages: [{ id: MessageId.SettingsSaved }],
      nodeMessages: {},
      submitted: {},
    };
    return { kind: 'saved', flow: saved, identity, token, goTo };
  }

  #refreshRequired(flow: SettingsFlowView): SettingsOutcome {
    const back = this.urls.public('/self-service/settings', { flow: flow.id });
    return {
      kind: 'refresh_required',
      flow,
      goTo: this.urls.public('/self-service/login/browser', { refresh: 'true', return_to: back }),
    };
  }

  /** Something ended while the form was on its way. */
  async #tooLate(
    verdict: ChangeRefused['verdict'],
    flow: SettingsFlowView,
    request: FastifyRequest,
  ): Promise<SettingsOutcome> {
    if (verdict === 'too_old') return this.#refreshRequired(flow);
    if (verdict === 'signed_out') throw new SettingsSessionMissing();
    return this.#replace((await this.readFlow.run(flow.id)) ?? flow, request);
  }

  /** A new flow that says why, in place of one that expired. */
  async #replace(over: SettingsFlowView, request: FastifyRequest): Promise<SettingsOutcome> {
    const context = {
      minutes: (over.expiredSeconds / 60).toFixed(2),
      expired_at: over.expiresAt.toISOString(),
      expired_at_unix: Math.floor(over.expiresAt.getTime() / 1000),
    };
    const useFlowId = await this.startFlow.run({
      type: over.type,
      identityId: over.identityId,
      requestUrl: this.urls.public('/self-service/settings', { flow: over.id }),
      returnTo: this.returnTo.allowed(over.returnTo) ?? null,
      csrfDigest: this.#digest(request, over.type),
      messages: [{ id: MessageId.SettingsFlowExpired, context }],
    });
    return { kind: 'expired', over, useFlowId };
  }

  async #session(request: FastifyRequest): Promise<SessionView> {
    const session = await this.sessions.resolve(request);
    if (!session) throw new SettingsSessionMissing();
    this.#checkLevel(session);
    return session;
  }

  /** A second factor that we cannot check keeps out whoever has only the first one. */
  #checkLevel(session: SessionView): void {
    if (!lacksSecondFactor(session)) return;
    if (this.regain.recovery.second_factor === 'refuse')
      throw new SecondFactorRequired(this.urls, SECOND_FACTOR_UNCHECKED);
    if (this.selfservice.flows.settings.required_aal === 'highest_available') throw new SecondFactorRequired(this.urls);
  }

  async #existing(id: string | undefined): Promise<SettingsFlowView> {
    const flow = await this.readFlow.run(id);
    if (!flow) throw new MissingRow();
    return flow;
  }

  async #submitted(id: string | undefined, session: SessionView): Promise<SettingsFlowView> {
    if (!isUuid(id)) throw new SettingsFlowParameterMalformed();
    const flow = await this.readFlow.run(id);
    if (!flow) throw new SettingsFlowUnknown();
    if (flow.identityId === session.identity.id) return flow;
    this.audit.refused('settings.submitted', 'identity', flow.identityId);
    throw new SettingsIdentityMismatch('submitted');
  }

  /** Signing in again changes the browser's seed; the person who owns the flow goes on with it. */
  async #bind(flow: SettingsFlowView, request: FastifyRequest): Promise<void> {
    if (flow.type !== 'browser' || readCookie(request, this.csrf.cookieName) === undefined) return;
    const digest = this.#digest(request, 'browser');
    if (digest !== null && !this.csrf.began(request, flow.csrfDigest)) await this.readFlow.bind(flow, digest);
  }

  #digest(request: FastifyRequest, type: FlowType): Buffer | null {
    const seed = type === 'browser' ? this.csrf.seed(request) : undefined;
    return seed === undefined ? null : this.csrf.digestOf(seed);
  }

  #begin(flow: SettingsFlowView): { redirect_to: string; return_to: string } | { api: string } {
    if (flow.type === 'api') return { api: this.urls.public('/self-service/settings/api') };
    const returnTo = this.returnTo.allowed(flow.returnTo) ?? '';
    const query = returnTo === '' ? undefined : { return_to: returnTo };
    return { redirect_to: this.urls.public('/self-service/settings/browser', query), return_to: returnTo };
  }
}

const submission = (flow: SettingsFlowView, session: SessionView): Submission => ({ flow, sessionId: session.id });
