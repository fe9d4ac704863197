import { DomainError } from '../errors/index.js';
import type { StoredMessage } from '../flow/index.js';
import { MessageId } from '../ui/index.js';

/** Injection token of the Vetoes. */
export const VETOES = Symbol('VETOES');

/** Why something must not happen. Both texts reach clients. */
export interface Veto {
  /** stable, for programs: lower case words with underscores between */
  readonly id: string;
  /** for people: what to do about it */
  readonly reason: string;
}

/** What is about to happen, to whom. The audit log records a refusal under `action`. */
interface Intent {
  readonly action: string;
  readonly identityId: string;
}

export interface IssueIntent extends Intent {
  readonly kind: 'link' | 'code';
  /** mailed to the person */
  readonly deliver: boolean;
}

export interface RedeemIntent extends Intent {
  readonly kind: 'link' | 'code';
  readonly grantId: string;
}

export interface CredentialIntent extends Intent {
  /**
   * `suspended`: a person keeps or removes what a hand-over suspended; `imported`, `removed`: an administrator sets a password or
   * connections, or deletes a credential
   */
  readonly change: 'password' | 'social_connected' | 'social_disconnected' | 'suspended' | 'imported' | 'removed';
}

export interface SignInIntent extends Intent {
  readonly method: 'password' | 'oidc';
}

/** What can be refused, and what its listeners are told. */
export interface Intents {
  beforeIssue: IssueIntent;
  beforeRedeem: RedeemIntent;
  beforeCredentialChange: CredentialIntent;
  beforeSignIn: SignInIntent;
}

/**
 * Asked once whoever acts has proven who they are, and before anything is used up. The statement that follows decides again:
 * what a listener saw may have changed.
 */
export interface Vetoes {
  /** false: nobody listens, and there is nothing to look up for them */
  listens(to: keyof Intents): boolean;
  /** @throws Vetoed; Unavailable where a listener fails or takes too long (beforeSignIn lets pass) */
  ask<To extends keyof Intents>(to: To, intent: Intents[To]): Promise<void>;
}

/** An extension refuses. */
export class Vetoed extends DomainError {
  readonly status = 403;
  override readonly id: string;
  override readonly reason: string;

  constructor(veto: Veto) {
    super('The requested action was forbidden');
    this.id = veto.id;
    this.reason = veto.reason;
  }

  /** For a form. */
  toMessage(): StoredMessage {
    return { id: MessageId.RefusedByExtension, context: { id: this.id, reason: this.reason } };
  }
}

/** The message of a refusal; every other error is thrown on. */
export async function vetoOf(work: () => Promise<void>): Promise<StoredMessage | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Vetoed)) throw error;
    return error.toMessage();
  }
}
