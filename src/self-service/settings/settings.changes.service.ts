import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../config/index.js';
import { IdentityService, type IdentityView } from '../../identity/index.js';
import { MethodDisabled } from '../../platform/flow/index.js';
import { type Caller, type FormFields, formText } from '../../platform/http/index.js';
import { type CredentialIntent, VETOES, type Vetoes, vetoOf } from '../../platform/vetoes/index.js';
import { MessageId } from '../../platform/ui/index.js';
import { SessionService, type SessionView } from '../../session/index.js';
import { RememberOwner } from '../login/index.js';
import type { SettingsArrival } from '../social/social.view.js';
import type { SettingsMethod, Submission } from './flow/change-by-owner.js';
import { accountRefused, methodUnknown } from './flow/refusals.js';
import type { Refusal, SettingsFlowView } from './flow/settings-flow.view.js';
import { SettingsFlows } from './persistence/settings-flows.js';
import { type AccountStep, SettingsAccounts } from './settings.accounts.service.js';
import type { SettingsOutcome, SettingsSaved } from './settings.outcome.js';
import { SettingsWaysOn } from './settings.ways-on.js';
import { CancelHandOver } from './steps/cancel-hand-over.js';
import { KeepWay } from './steps/keep-way.js';
import { RemoveWay } from './steps/remove-way.js';
import { SetPassword } from './steps/set-password.js';
import { UpdateProfile } from './steps/update-profile.js';

/** Applies changes from an open flow: a password, the profile, a provider account. */
@Injectable()
export class SettingsChanges {
  constructor(
    private readonly setPassword: SetPassword,
    private readonly updateProfile: UpdateProfile,
    private readonly accounts: SettingsAccounts,
    private readonly keepWay: KeepWay,
    private readonly removeWay: RemoveWay,
    private readonly cancelHandOver: CancelHandOver,
    private readonly flows: SettingsFlows,
    private readonly sessions: SessionService,
    private readonly identities: IdentityService,
    private readonly selfservice: SelfServiceConfig,
    private readonly waysOn: SettingsWaysOn,
    private readonly rememberOwner: RememberOwner,
    @Inject(VETOES) private readonly vetoes: Vetoes,
  ) {}

  /** @throws MethodDisabled, ChangeRefused */
  async ofForm(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    caller: Caller,
  ): Promise<SettingsOutcome> {
    const [keeps, removes] = [formText(form, 'keep'), formText(form, 'remove')];
    const handOver = formText(form, 'hand_over');
    if (keeps) return this.#wayIn(flow, session, caller, (own) => this.keepWay.run(own, keeps));
    if (removes) return this.#wayIn(flow, session, caller, (own) => this.removeWay.run(own, removes));
    if (handOver === 'cancel') return this.#cancel(flow, session, caller);
    switch (formText(form, 'method')) {
      case 'password':
        return this.#password(flow, session, form, caller);
      case 'profile':
        return this.#profile(flow, session, form, caller);
      case 'oidc':
      case '':
      case undefined:
        return this.#account(flow, session, form, caller);
      default:
        refuseFactors(form);
        return this.refused(flow, session.identity, methodUnknown(flow));
    }
  }

  /**
   * Handles the return from a provider.
   * @throws ChangeRefused
   */
  async ofArrival(
    flow: SettingsFlowView,
    session: SessionView,
    arrival: SettingsArrival,
    caller: Caller,
  ): Promise<SettingsOutcome> {
    const vetoed = 'account' in arrival ? await this.#vetoed(flow, 'social_connected') : undefined;
    if (vetoed) return this.refused(flow, session.identity, vetoed);
    const step = await this.accounts.finish(submission(flow, session), arrival);
    return this.#accountDone(flow, session, step, caller);
  }

  async #password(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    caller: Caller,
  ): Promise<SettingsOutcome> {
    this.#mustBeEnabled('password');
    if (!session.privileged) return this.#refreshRequired(flow);
    const refusal =
      (await this.#vetoed(flow, 'password')) ??
      (await this.setPassword.run(submission(flow, session), formText(form, 'password') ?? ''));
    return refusal
      ? this.refused(flow, session.identity, refusal)
      : this.#saved('password', flow, session.identity, caller, true);
  }

  async #wayIn(
    flow: SettingsFlowView,
    session: SessionView,
    caller: Caller,
    decide: (own: Submission) => Promise<Refusal | undefined>,
  ): Promise<SettingsOutcome> {
    if (!session.privileged) return this.#refreshRequired(flow);
    const refusal = (await this.#vetoed(flow, 'suspended')) ?? (await decide(submission(flow, session)));
    if (refusal) return this.refused(flow, session.identity, refusal);
    // A removed address is no longer in the traits, so the identity is read again.
    return this.#saved('profile', flow, await this.identities.get(session.identity.id), caller);
  }

  /** Cancelling ends the session, so the person continues by signing in. */
  async #cancel(flow: SettingsFlowView, session: SessionView, caller: Caller): Promise<SettingsOutcome> {
    const given = await this.cancelHandOver.run(session.identity.id, session.id);
    if (!given) return this.refused(flow, session.identity, methodUnknown(flow));
    const saved = await this.#saved('profile', flow, session.identity, caller);
    return { ...saved, goTo: this.waysOn.signIn() };
  }

  async #profile(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    caller: Caller,
  ): Promise<SettingsOutcome> {
    this.#mustBeEnabled('profile');
    const result = await this.updateProfile.run(submission(flow, session), session.identity, form);
    if ('refusal' in result) return this.refused(flow, session.identity, result.refusal);
    return this.#saved('profile', flow, result.identity, caller);
  }

  async #account(
    flow: SettingsFlowView,
    session: SessionView,
    form: FormFields,
    caller: Caller,
  ): Promise<SettingsOutcome> {
    const wish = this.accounts.wishOf(submission(flow, session), form);
    if (!wish) refuseFactors(form);
    if (!wish) return this.refused(flow, session.identity, methodUnknown(flow));
    if (!session.privileged) return this.#refreshRequired(flow);
    const vetoed = 'unlink' in wish ? await this.#vetoed(flow, 'social_disconnected') : undefined;
    if (vetoed) return this.refused(flow, session.identity, vetoed);
    const step = await this.accounts.begin(submission(flow, session), wish, form, caller);
    return this.#accountDone(flow, session, step, caller);
  }

  async #accountDone(
    flow: SettingsFlowView,
    session: SessionView,
    step: AccountStep,
    caller: Caller,
  ): Promise<SettingsOutcome> {
    switch (step.kind) {
      case 'to_provider':
        return step;
      case 'refusal':
        return this.refused(flow, session.identity, step.refusal);
      case 'saved':
        return this.#saved('oidc', { ...flow, activeMethod: 'oidc' }, session.identity, caller, true);
    }
  }

  /**
   * Asks the veto before anything is changed. If it refuses, the form says why.
   * @throws Unavailable
   */
  async #vetoed(
    flow: SettingsFlowView,
    change: Exclude<CredentialIntent['change'], 'imported' | 'removed'>,
  ): Promise<Refusal | undefined> {
    const { identityId } = flow;
    const intent = { action: CHANGES[change], identityId, change };
    const message = await vetoOf(() => this.vetoes.ask('beforeCredentialChange', intent));
    return message && accountRefused(flow, message);
  }

  #mustBeEnabled(method: SettingsMethod): void {
    if (!this.selfservice.methods[method].enabled) throw new MethodDisabled();
  }

  /** The form says why nothing was changed. */
  async refused(flow: SettingsFlowView, identity: IdentityView, refusal: Refusal): Promise<SettingsOutcome> {
    return { kind: 'refused', flow: await this.flows.refuse(flow, refusal), identity };
  }

  #refreshRequired(flow: SettingsFlowView): SettingsOutcome {
    return { kind: 'refresh_required', flow, goTo: this.waysOn.signInAgain(flow) };
  }

  /** @param credential whether one was set: then this browser becomes the only known one */
  async #saved(
    method: SettingsMethod,
    flow: SettingsFlowView,
    identity: IdentityView,
    caller: Caller,
    credential = false,
  ): Promise<SettingsSaved> {
    const saved: SettingsFlowView = {
      ...flow,
      state: 'success',
      messages: [{ id: MessageId.SettingsSaved }],
      nodeMessages: {},
      submitted: {},
    };
    const token = flow.type === 'browser' ? this.sessions.tokenOf(caller) : undefined;
    const device = credential ? await this.rememberOwner.afterChange(caller, identity.id) : undefined;
    return { kind: 'saved', flow: saved, identity, token, device, goTo: this.waysOn.saved(method, flow) };
  }
}

/**
 * Fields in Kratos' forms that turn a second factor or passkey on or off. Regain supports none of these methods, so
 * they count as disabled.
 */
const FACTOR =
  /^(totp_unlink|lookup_secret_(regenerate|reveal|confirm|disable)|webauthn_(register|remove)|passkey_(settings_register|remove))$/;

/** @throws MethodDisabled */
function refuseFactors(form: FormFields): void {
  const asked = Object.entries(form).some(([name, value]) => FACTOR.test(name) && Boolean(value));
  if (asked || form['method'] === 'totp') throw new MethodDisabled();
}

const CHANGES = {
  password: 'credentials.password.set',
  social_connected: 'credentials.oidc.connected',
  social_disconnected: 'credentials.oidc.disconnected',
  suspended: 'credentials.suspended.decided',
} as const;

const submission = (flow: SettingsFlowView, session: SessionView): Submission => ({ flow, sessionId: session.id });
