import type { SqlEntityManager } from '@mikro-orm/postgresql';

/** Injection token of the one CredentialChangeListener; absent if there is none. */
export const CREDENTIAL_CHANGED = Symbol('CREDENTIAL_CHANGED');

/** Called in the transaction that writes a new credential: both commit or neither does. */
export interface CredentialChangeListener {
  credentialsChanged(em: SqlEntityManager, identityId: string): Promise<void>;
}
