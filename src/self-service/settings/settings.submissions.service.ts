import { Inject, Injectable } from '@nestjs/common';
import { type AuditDetail, AuditService } from '../../audit/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf, type FormFields, isSafeRead } from '../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../../platform/rate-limit/index.js';
import type { SessionView } from '../../session/index.js';
import type { SettingsArrival } from '../social/social.view.js';
import { SocialCookie } from '../social/social.cookie.js';
import { ChangeRefused } from './flow/change-by-owner.js';
import { changeWaits } from './flow/refusals.js';
import type { SettingsFlowView } from './flow/settings-flow.view.js';
import { Continuation } from './hot/continuation.js';
import { ChangeInFlight } from './hot/change-in-flight.js';
import { SettingsFlows } from './persistence/settings-flows.js';
import { SettingsChanges } from './settings.changes.service.js';
import {
  SettingsFlowParameterMalformed,
  SettingsFlowUnknown,
  SettingsIdentityMismatch,
  SettingsSessionMissing,
} from './settings.errors.js';
import type { SettingsOutcome } from './settings.outcome.js';
import { SettingsWaysOn } from './settings.ways-on.js';
import { ReplaceSettings } from './steps/replace-settings.js';
import { RequireSession } from './steps/require-session.js';

/** Checks ownership and expiry; SettingsChanges applies the change. */
@Injectable()
export class SettingsSubmissions {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly flows: SettingsFlows,
    private readonly changes: SettingsChanges,
    private readonly replaceSettings: ReplaceSettings,
    private readonly waysOn: SettingsWaysOn,
    private readonly continuation: Continuation,
    private readonly cookie: SocialCookie,
    private readonly audit: AuditService,
    private readonly inFlight: ChangeInFlight,
    @Inject(CSRF) private readonly csrf: Csrf,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /**
   * @throws SettingsSessionMissing, SecondFactorRequired, SettingsFlowUnknown, SettingsIdentityMismatch, CsrfViolation,
   *   TooManyRequests, SettingsChangeRunning
   */
  async submit(flowId: string | undefined, form: FormFields, caller: Caller): Promise<SettingsOutcome> {
    const session = await this.requireSession.toGoOn(caller);
    await this.limiter.take(['settings_session'], session.id);
    const flow = await this.#own(flowId, session);
    if (flow.over) return this.#replace(flow, caller);
    if (flow.type === 'api') this.csrf.refuseBrowser(caller);
    else this.csrf.checkToken(caller, form['csrf_token']);
    const outcome = await this.#inTime(flow, session, caller, () => this.changes.ofForm(flow, session, form, caller));
    return this.#keep(outcome, session, form, caller);
  }

  /**
   * The person has signed in again: applies the form that they sent before. Undefined if none was kept for them.
   * @throws SettingsSessionMissing, SecondFactorRequired
   */
  async resume(flowId: string, caller: Caller): Promise<SettingsOutcome | undefined> {
    if (isSafeRead(caller)) return undefined;
    const session = await this.requireSession.toGoOn(caller);
    const flow = await this.flows.find(flowId);
    const browser = this.cookie.read(caller);
    if (!flow || flow.identityId !== session.identity.id || flow.over) return undefined;
    if (!session.privileged || browser === undefined) return undefined;
    const form = await this.continuation.take({ flow, sessionId: session.id }, browser);
    return form && this.#inTime(flow, session, caller, () => this.changes.ofForm(flow, session, form, caller));
  }

  /** A native client can't resume a form; it gets the cookie anyway, as recorded from Kratos. */
  async #keep(
    outcome: SettingsOutcome,
    session: SessionView,
    form: FormFields,
    caller: Caller,
  ): Promise<SettingsOutcome> {
    if (outcome.kind !== 'refresh_required') return outcome;
    const { flow } = outcome;
    const { secret, line } = this.cookie.ensure(caller);
    if (flow.type === 'browser') await this.continuation.keep({ flow, sessionId: session.id }, form, secret);
    return { ...outcome, cookie: line };
  }

  /** @throws SettingsSessionMissing, SecondFactorRequired, SettingsFlowUnknown, SettingsIdentityMismatch */
  async finish(arrival: SettingsArrival, caller: Caller): Promise<SettingsOutcome> {
    const session = await this.requireSession.toGoOn(caller);
    const flow = await this.#own(arrival.target.flowId, session, providerOf(arrival));
    if (flow.over) return this.#replace(flow, caller);
    return this.#inTime(flow, session, caller, () => this.changes.ofArrival(flow, session, arrival, caller));
  }

  /** The session's own flow. Submitting another person's flow is audited. */
  async #own(id: string | undefined, session: SessionView, detail?: AuditDetail): Promise<SettingsFlowView> {
    if (!isUuid(id)) throw new SettingsFlowParameterMalformed();
    const flow = await this.flows.find(id);
    if (!flow) throw new SettingsFlowUnknown();
    if (flow.identityId === session.identity.id) return flow;
    this.audit.refused('settings.submitted', 'identity', flow.identityId, detail);
    throw new SettingsIdentityMismatch('submitted');
  }

  /** Flow or session may end while the change is being made; then nothing of it is saved. */
  async #inTime(
    flow: SettingsFlowView,
    session: SessionView,
    caller: Caller,
    change: () => Promise<SettingsOutcome>,
  ): Promise<SettingsOutcome> {
    try {
      return await this.inFlight.run({ identityId: flow.identityId, sessionId: session.id }, change);
    } catch (error) {
      if (!(error instanceof ChangeRefused)) throw error;
      switch (error.verdict) {
        case 'too_old':
          return { kind: 'refresh_required', flow, goTo: this.waysOn.signInAgain(flow) };
        case 'signed_out':
          throw new SettingsSessionMissing();
        case 'flow_expired':
          return this.#replace((await this.flows.find(flow.id)) ?? flow, caller);
        case 'after_credential':
        case 'after_abandoned':
          return this.changes.refused(flow, session.identity, changeWaits(flow, error));
      }
    }
  }

  async #replace(over: SettingsFlowView, caller: Caller): Promise<SettingsOutcome> {
    return { kind: 'expired', over, useFlowId: await this.replaceSettings.run(over, caller) };
  }
}

/** If a provider's answer was invalid, the arrival doesn't name the account. */
const providerOf = (arrival: SettingsArrival): AuditDetail | undefined =>
  'account' in arrival ? { provider: arrival.account.provider } : undefined;
