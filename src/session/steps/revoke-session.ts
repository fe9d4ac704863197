import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { SessionSchema } from '../persistence/session.entities.js';
import { SessionService } from '../session.service.js';

/** Permanently ends one session. */
@Injectable()
export class RevokeSession {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly sessions: SessionService,
  ) {}

  /** Resolves to whether the session exists, live or ended. */
  async run(id: string): Promise<boolean> {
    if (!isUuid(id)) return false;
    return this.db.transaction(async (em) => {
      const session = await em.findOne(SessionSchema, { id }, { fields: ['id', 'identityId', 'grantId'] });
      if (session === null) return false;
      if (await this.sessions.revoke(session.id))
        await this.audit.record(em, {
          action: 'session.revoked',
          outcome: 'success',
          targetType: 'identity',
          targetId: session.identityId,
          ...(session.grantId ? { grantId: session.grantId } : {}),
        });
      return true;
    });
  }
}
