import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { LIFT } from '../hot/lift-containment.js';

/** Older credentials of the account are let in again; sessions that had ended stay so. */
@Injectable()
export class LiftContainment {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
  ) {}

  /** False where it is not contained: nothing is done. @throws MissingRow */
  async run(identityId: string): Promise<boolean> {
    if (!isUuid(identityId)) throw new MissingRow();
    return this.db.transaction(async (em) => {
      const [row] = await em.execute<{ contained: boolean }[]>(LIFT, [identityId], 'all');
      if (row === undefined) throw new MissingRow();
      if (!row.contained) return false;
      await this.audit.record(em, {
        action: 'identity.containment_lifted',
        outcome: 'success',
        targetType: 'identity',
        targetId: identityId,
      });
      return true;
    });
  }
}
