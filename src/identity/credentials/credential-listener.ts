import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Ended } from '../../audit/index.js';

/** Injection token of all CredentialListeners, in the order in which they are told; absent where nobody listens. */
export const CREDENTIAL_LISTENERS = Symbol('CREDENTIAL_LISTENERS');

/** A password, or an account of a provider. Second factors, addresses and names are none. */
export type FirstCredential = { readonly type: 'password' } | { readonly type: 'oidc'; readonly identifier: string };

/** A first credential that was set, and what it ends. The identity's row is held. */
export interface CredentialSet {
  readonly identityId: string;
  /** the identity's epoch before, and from now on */
  readonly epoch: { readonly before: number; readonly now: number };
  /** the session that set it, which goes on; absent: an administrator did */
  readonly sessionId: string | undefined;
  /** what is older is over; otherwise only what was being proven at this moment */
  readonly endsOlder: boolean;
}

/** Told in the transaction that writes the credential: what it does stands or falls with it. */
export interface CredentialListener {
  /** Resolves to what ended. */
  credentialSet(em: SqlEntityManager, set: CredentialSet): Promise<Ended>;
}
