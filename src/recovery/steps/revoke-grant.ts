import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { RecoveryGrant } from '../persistence/recovery.entities.js';

/** Revokes an issued link or code. One that was used or revoked, or has expired, stays as it is. */
@Injectable()
export class RevokeGrant {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
  ) {}

  /** @throws MissingRow */
  async run(id: string): Promise<void> {
    if (!isUuid(id)) throw new MissingRow();
    await this.db.transaction(async (em) => {
      const grant = await em.findOne(RecoveryGrant, { id });
      if (!grant?.identityId) throw new MissingRow();
      const rows = await em.execute<{ id: string }[]>(
        `UPDATE recovery_grant SET revoked_at = clock_timestamp()
         WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL RETURNING id`,
        [id],
        'all',
      );
      if (rows.length === 0) return;
      await this.audit.record(em, {
        action: 'recovery.grant.revoked',
        outcome: 'success',
        targetType: 'identity',
        targetId: grant.identityId,
        grantId: grant.id,
      });
    });
  }
}
