import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { SessionSchema } from '../persistence/session.entities.js';

/** Deletes all of an identity's sessions, including ended ones, with their devices. */
@Injectable()
export class DeleteSessions {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
  ) {}

  /** Resolves to how many there were. */
  async run(identityId: string): Promise<number> {
    if (!isUuid(identityId)) return 0;
    return this.db.transaction(async (em) => {
      const deleted = await em.nativeDelete(SessionSchema, { identityId });
      if (deleted > 0)
        await this.audit.record(em, {
          action: 'session.all_deleted',
          outcome: 'success',
          targetType: 'identity',
          targetId: identityId,
        });
      return deleted;
    });
  }
}
