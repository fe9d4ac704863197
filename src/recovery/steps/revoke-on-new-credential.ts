import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import type { CredentialChangeListener } from '../../self-service/index.js';

/** A new credential ends the identity's unused links and codes (`regain.recovery.invalidate_siblings`). */
@Injectable()
export class RevokeOnNewCredential implements CredentialChangeListener {
  constructor(private readonly regain: RegainConfig) {}

  async credentialsChanged(em: SqlEntityManager, identityId: string): Promise<void> {
    if (!this.regain.recovery.invalidate_siblings) return;
    await em.execute(
      `UPDATE recovery_grant SET revoked_at = clock_timestamp()
       WHERE identity_id = ? AND used_at IS NULL AND revoked_at IS NULL`,
      [identityId],
      'run',
    );
  }
}
