import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Ended } from '../../audit/index.js';

/** Injection token of all CredentialListeners, in call order; absent if there are none. */
export const CREDENTIAL_LISTENERS = Symbol('CREDENTIAL_LISTENERS');

/** A password or a provider account. Second factors, addresses and names are not first credentials. */
export type FirstCredential = { readonly type: 'password' } | { readonly type: 'oidc'; readonly identifier: string };

/** A first credential that was set, and what it ends. The identity's row is locked. */
export interface CredentialSet {
  readonly identityId: string;
  /** the identity's access epoch before and after */
  readonly epoch: { readonly before: number; readonly now: number };
  /** the session that set the credential and stays live; absent if an administrator set it */
  readonly sessionId: string | undefined;
  /** true: older sessions and grants end too; false: only proofs in progress end */
  readonly endsOlder: boolean;
}

/** Called in the transaction that writes the credential: both commit or neither does. */
export interface CredentialListener {
  /** Resolves to what was ended. */
  credentialSet(em: SqlEntityManager, set: CredentialSet): Promise<Ended>;
}
