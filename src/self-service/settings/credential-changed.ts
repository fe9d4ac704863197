import type { SqlEntityManager } from '@mikro-orm/postgresql';

/** Injection token of the one CredentialChangeListener; absent where nobody listens. */
export const CREDENTIAL_CHANGED = Symbol('CREDENTIAL_CHANGED');

/** Told in the transaction that writes a new credential: what it does stands or falls with the credential. */
export interface CredentialChangeListener {
  credentialsChanged(em: SqlEntityManager, identityId: string): Promise<void>;
}
