import { Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/index.js';
import { Database } from '../../../platform/database/index.js';
import { MissingRow } from '../../../platform/errors/index.js';
import { isUuid } from '../../../platform/flow/index.js';
import { SessionService } from '../../../session/index.js';
import { CANCEL_HAND_OVER } from '../hot/cancel-hand-over.js';
import { TellUnfinished } from '../hot/tell-unfinished.js';

/** Cancels a hand-over before its time: its session ends, older credentials work again, and the owner is told. */
@Injectable()
export class CancelHandOver {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionService,
    private readonly audit: AuditService,
    private readonly tellUnfinished: TellUnfinished,
  ) {}

  /**
   * False, without a change, if no hand-over is open.
   * @param sessionId only cancel the hand-over that was opened for this session
   * @throws MissingRow for an unknown identity
   */
  async run(identityId: string, sessionId?: string): Promise<boolean> {
    if (!isUuid(identityId)) throw new MissingRow();
    const cancelled = await this.#cancel(identityId, sessionId);
    // The cancellation stands even if this fails; the scheduled run catches up.
    if (cancelled) await this.tellUnfinished.some().catch(() => undefined);
    return cancelled;
  }

  #cancel(identityId: string, sessionId: string | undefined): Promise<boolean> {
    return this.db.transaction(async (em) => {
      const values = [sessionId ?? null, sessionId ?? null, identityId];
      const [row] = await em.execute<{ session: string | null; grant: string | null }[]>(
        CANCEL_HAND_OVER,
        values,
        'all',
      );
      if (row === undefined) throw new MissingRow();
      if (row.session === null) return false;
      await this.sessions.revoke(row.session);
      await this.audit.record(em, {
        action: 'recovery.hand_over.cancelled',
        outcome: 'success',
        targetType: 'identity',
        targetId: identityId,
        ...(row.grant === null ? {} : { grantId: row.grant }),
      });
      return true;
    });
  }
}
