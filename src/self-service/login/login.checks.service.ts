import { Injectable } from '@nestjs/common';
import { type AuditDetail, AuditService } from '../../audit/index.js';
import { SelfServiceConfig } from '../../config/index.js';
import { MethodDisabled } from '../../platform/flow/index.js';
import type { Caller, FormFields } from '../../platform/http/index.js';
import { MessageId } from '../../platform/ui/index.js';
import { SECOND_FACTOR_UNCHECKED } from '../../session/index.js';
import type { Account } from '../social/protocol/social-provider.js';
import { SocialService } from '../social/social.service.js';
import type { LoginArrival, SocialDeparture } from '../social/social.view.js';
import type { Held } from './hot/complete-login.js';
import type { LoginFlow, LoginRefusal } from './persistence/login-flows.js';
import { CheckAccount } from './steps/check-account.js';
import { CheckPassword, formIdentifier } from './steps/check-password.js';
import { KeepTokens } from './steps/keep-tokens.js';
import { deviceOf } from './login.gate.js';
import { NoteOldProof } from './hot/note-old-proof.js';
import { RehashPassword } from './steps/rehash-password.js';

/** Characters. */
const LONGEST_SHOWN = 1_024;

/** Kratos' methods for browsers that Regain does not support; they count as disabled. */
const KEYS: readonly unknown[] = ['webauthn', 'passkey'];

/** Shown only to people who know the password. */
const SECOND_FACTOR = { id: MessageId.Generic, context: { reason: SECOND_FACTOR_UNCHECKED } };

/** Who may sign in, and what they have proved. */
export type RightPerson =
  | {
      method: 'password';
      identityId: string;
      accessEpoch: number;
      password: string;
      hash: string;
      /** the key that the attempt was counted under */
      guessed: string;
    }
  | { method: 'oidc'; identityId: string; accessEpoch: number; provider: string; account: Account };

export type LoginVerdict =
  { kind: 'right'; person: RightPerson } | { kind: 'refusal'; refusal: LoginRefusal } | SocialDeparture;

/** Finds out whom a form or a provider's answer authenticates. Failed attempts are audited. */
@Injectable()
export class LoginChecks {
  constructor(
    private readonly checkPassword: CheckPassword,
    private readonly checkAccount: CheckAccount,
    private readonly noteOldProof: NoteOldProof,
    private readonly rehashPassword: RehashPassword,
    private readonly keepTokens: KeepTokens,
    private readonly social: SocialService,
    private readonly selfservice: SelfServiceConfig,
    private readonly audit: AuditService,
  ) {}

  /** @throws TooManyRequests, Unavailable, ProviderUnknown, MethodDisabled */
  async ofForm(flow: LoginFlow, form: FormFields, caller: Caller): Promise<LoginVerdict> {
    const provider = providerOf(form);
    this.#refuseDisabled(flow, form, provider);
    if (provider !== undefined && flow.type === 'browser' && this.social.offered)
      return this.#toProvider(flow, provider, form, caller);
    if (form['method'] === 'password') return this.#password(flow, form, caller);
    return refused({ messages: [{ id: MessageId.LoginNoStrategy }], identifier: shownIdentifier(form) });
  }

  /** Handles the return from a provider. */
  async ofArrival(flow: LoginFlow, arrival: LoginArrival): Promise<LoginVerdict> {
    const check = await this.checkAccount.run(arrival, flow.refresh ? flow.identityId : null);
    if (check.kind === 'right') {
      const { identityId, accessEpoch, provider, account } = check;
      return { kind: 'right', person: { method: 'oidc', identityId, accessEpoch, provider, account } };
    }
    if (check.kind === 'refused') this.#trace({ method: 'oidc', provider: check.provider }, check.identityId);
    return refused({ messages: [check.message], activeMethod: 'oidc' });
  }

  /** @throws MethodDisabled */
  #refuseDisabled({ type }: LoginFlow, form: FormFields, provider: string | undefined): void {
    const { oidc, password } = this.selfservice.methods;
    const off =
      (provider !== undefined && !oidc.enabled) ||
      (form['method'] === 'password' && !password.enabled) ||
      form['method'] === 'code' ||
      (type === 'browser' &&
        (KEYS.includes(form['method']) || Boolean(form['webauthn_login'] || form['passkey_login'])));
    if (off) throw new MethodDisabled();
  }

  async #toProvider(flow: LoginFlow, provider: string, form: FormFields, caller: Caller): Promise<LoginVerdict> {
    const departure = await this.social.depart(provider, { kind: 'login', flowId: flow.id }, form, caller);
    if (departure.kind === 'to_provider') return departure;
    return refused({ messages: [departure.message], activeMethod: 'oidc' });
  }

  async #password(flow: LoginFlow, form: FormFields, caller: Caller): Promise<LoginVerdict> {
    const identifier = shownIdentifier(form);
    const check = await this.checkPassword.run(form, flow.refresh ? flow.identityId : null, deviceOf(caller));
    switch (check.kind) {
      case 'incomplete':
        return refused({ nodeMessages: check.nodeMessages, identifier });
      case 'wrong':
        this.#trace({ method: 'password' });
        return refused({ messages: [{ id: MessageId.CredentialsInvalid }], identifier });
      case 'disabled':
        this.#trace({ method: 'password' }, check.identityId);
        return refused({ messages: [{ id: MessageId.AccountDisabled }], activeMethod: 'password' });
      case 'second_factor':
        this.#trace({ method: 'password' }, check.identityId);
        return refused({ messages: [SECOND_FACTOR], activeMethod: 'password' });
      case 'right': {
        const { identityId, accessEpoch, password, hash, guessed } = check;
        return { kind: 'right', person: { method: 'password', identityId, accessEpoch, password, hash, guessed } };
      }
    }
  }

  /** The proof has opened a session, so the updates that must not happen for failed attempts happen now. */
  async opened(person: RightPerson): Promise<void> {
    if (person.method === 'oidc') return this.keepTokens.run(person);
    await this.checkPassword.forgive(person);
    await this.rehashPassword.run(person);
  }

  /**
   * All proofs were correct, but the account is contained or being handed over. This is not a guess and resets no
   * counter; each attempt is audited.
   */
  async held(person: RightPerson, { contained, minutes }: Held): Promise<LoginRefusal> {
    const { method, identityId } = person;
    const detail = method === 'oidc' ? { method, provider: person.provider } : { method };
    const target = { targetType: 'identity', targetId: identityId };
    await this.audit.recordAlone({ action: 'session.login', outcome: 'refused', ...target, detail });
    await this.noteOldProof.run(identityId);
    const message = contained
      ? { id: MessageId.AccountContained }
      : { id: MessageId.AccountBeingRecovered, context: { minutes } };
    return { messages: [message], activeMethod: method };
  }

  /** The audit event names the identity if it is known. */
  #trace(detail: AuditDetail, identityId?: string): void {
    this.audit.refused('session.login', identityId && 'identity', identityId, detail);
  }
}

const refused = (refusal: LoginRefusal): LoginVerdict => ({ kind: 'refusal', refusal });

/** The provider that a form requests; undefined if the form names another method. */
function providerOf(form: FormFields): string | undefined {
  const { method, provider } = form;
  if (method && method !== 'oidc') return undefined;
  return typeof provider === 'string' && provider !== '' ? provider : undefined;
}

/**
 * The identifier that the form shows again. Its length is limited, because anyone can create flows and must not control
 * how much a row stores.
 */
const shownIdentifier = (form: FormFields): string | undefined =>
  formIdentifier(form)?.slice(0, LONGEST_SHOWN).toWellFormed();
