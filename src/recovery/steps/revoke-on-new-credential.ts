import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Ended } from '../../audit/index.js';
import { RegainConfig } from '../../config/index.js';
import type { CredentialListener, CredentialSet } from '../../identity/index.js';
import type { CredentialChangeListener } from '../../self-service/index.js';
import { REVOKE_UNUSED } from '../hot/revoke-unused.js';

/**
 * A new credential or address revokes the identity's unused links and codes (`regain.recovery.invalidate_siblings`).
 */
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
    return (await em.execute<unknown[]>(REVOKE_UNUSED, [identityId], 'all')).length;
  }
}
