import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Ended } from '../../audit/index.js';
import { RegainConfig } from '../../config/index.js';
import type { CredentialListener, CredentialSet } from '../../identity/index.js';
import type { CredentialChangeListener } from '../../self-service/index.js';

/**
 * Administrators' grants stay if the current credential goes back to a mailed grant: someone who only has the mailbox must not
 * keep an administrator from giving the account back. ? identity. Index: recovery_grant_identity, identity_pkey.
 */
const REVOKE = `
  UPDATE recovery_grant SET revoked_at = clock_timestamp() FROM identity
  WHERE identity.id = ? AND recovery_grant.identity_id = identity.id AND used_at IS NULL AND revoked_at IS NULL
    AND (purpose = 'self_service' OR NOT identity.set_by_mailbox) RETURNING 1 AS one`;

/** A new credential, or another address, ends the identity's unused links and codes (`regain.recovery.invalidate_siblings`). */
@Injectable()
export class RevokeOnNewCredential implements CredentialChangeListener, CredentialListener {
  constructor(private readonly regain: RegainConfig) {}

  async credentialSet(em: SqlEntityManager, { identityId, sessionId, endsOlder }: CredentialSet): Promise<Ended> {
    if (sessionId === undefined && !endsOlder) return {};
    return { grants: await this.#revoke(em, identityId) };
  }

  async credentialsChanged(em: SqlEntityManager, identityId: string): Promise<void> {
    await this.#revoke(em, identityId);
  }

  async #revoke(em: SqlEntityManager, identityId: string): Promise<number> {
    if (!this.regain.recovery.invalidate_siblings) return 0;
    return (await em.execute<unknown[]>(REVOKE, [identityId], 'all')).length;
  }
}
