import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { SessionSchema } from '../persistence/session.entities.js';
import { SessionService } from '../session.service.js';

/** Ends a person's sessions but the one that asks for it. */
@Injectable()
export class RevokeOthers {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly sessions: SessionService,
  ) {}

  /** Resolves to how many others there are: as recorded, those that had ended before count too. */
  async run(identityId: string, exceptId: string): Promise<number> {
    return this.db.transaction(async (em) => {
      if ((await this.sessions.revokeOthers(identityId, exceptId)) > 0)
        await this.audit.record(em, {
          action: 'session.others_revoked',
          outcome: 'success',
          targetType: 'identity',
          targetId: identityId,
        });
      return em.count(SessionSchema, { identityId, id: { $ne: exceptId } });
    });
  }
}
