import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { LIFT } from '../hot/lift-containment.js';

/** Lifts the containment, so that older credentials work again; sessions that had ended stay ended. */
@Injectable()
export class LiftContainment {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
  ) {}

  /**
   * False, without a change, if the identity is not contained.
   * @throws MissingRow
   */
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
