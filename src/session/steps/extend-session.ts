import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { SessionConfig } from '../../config/index.js';
import { identityRow } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { isLive } from '../sql.js';

const identity = identityRow('i');

/**
 * The guard keeps an ended session ended, even if it ended while this statement waited for the row. The lifespan counts
 * from now and never gets shorter. Without `earliest_possible_extend`, every live session is due.
 */
const EXTEND = `
  UPDATE session s SET expires_at = greatest(s.expires_at, clock_timestamp() + make_interval(secs => ?::float8))
  FROM ${identity.from}
  WHERE s.id = ? AND ${identity.id} = s.identity_id AND ${isLive('s', identity.alias)}
    AND coalesce(s.expires_at - make_interval(secs => ?::float8) < clock_timestamp(), true)
  RETURNING s.identity_id`;

/** Extends a live session by a full lifespan, counted from now. */
@Injectable()
export class ExtendSession {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly config: SessionConfig,
  ) {}

  /** Resolves to whether it was live and due. */
  async run(id: string): Promise<boolean> {
    if (!isUuid(id)) return false;
    const { lifespan, earliest_possible_extend: window } = this.config;
    return this.db.transaction(async (em) => {
      const [row] = await em.execute<{ identity_id: string }[]>(
        EXTEND,
        [lifespan.seconds, id, window?.seconds ?? null],
        'all',
      );
      if (row === undefined) return false;
      await this.audit.record(em, {
        action: 'session.extended',
        outcome: 'success',
        targetType: 'identity',
        targetId: row.identity_id,
      });
      return true;
    });
  }
}
