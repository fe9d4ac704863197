import { raw } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { AccessTokenRow } from '../persistence/access.entities.js';

/** Ends a token for good. The row stays, so that the list and the audit trail can still name it. */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
  ) {}

  /** True when this call ended it, false when it was revoked before. @throws MissingRow */
  async run(id: string): Promise<boolean> {
    if (!isUuid(id)) throw new MissingRow();
    return this.db.transaction(async (em) => {
      const open = { id, revokedAt: null };
      const revoked = await em.nativeUpdate(AccessTokenRow, open, { revokedAt: raw('clock_timestamp()') });
      if (revoked === 0) {
        if ((await em.count(AccessTokenRow, { id })) === 0) throw new MissingRow();
        return false;
      }
      await this.audit.record(em, {
        action: 'access_token.revoked',
        outcome: 'success',
        targetType: 'access_token',
        targetId: id.toLowerCase(),
      });
      return true;
    });
  }
}
