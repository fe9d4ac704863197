import { Injectable, Optional } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { Database, endedRows, ONE_DAY, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** $1: maximum number of rows, $2: seconds that a network stays known. Index: known_network_seen_at. */
const PURGE = `
  DELETE FROM known_network WHERE (identity_id, digest) IN (
    SELECT identity_id, digest FROM known_network WHERE seen_at < statement_timestamp() - make_interval(secs => $2::double precision)
    ORDER BY seen_at LIMIT $1::integer FOR UPDATE SKIP LOCKED)
  RETURNING 1 AS one`;

/** Purges expired login flows, and networks that nobody has signed in from for a long time. */
@Injectable()
export class LoginPurge implements PurgeableSource {
  constructor(
    private readonly db: Database,
    @Optional() private readonly regain: RegainConfig = new RegainConfig(),
  ) {}

  purgeables(): readonly Purgeable[] {
    const flows = { table: 'login_flow', ended: 'expires_at' };
    const known = this.regain.login.known_for?.seconds ?? 0;
    return [
      endedRows(this.db, {
        ...flows,
        name: 'login flows of nobody',
        where: 'completed_at IS NULL AND identity_id IS NULL',
        keepAtMost: ONE_DAY,
      }),
      endedRows(this.db, { ...flows, name: 'login flows' }),
      {
        name: 'known networks',
        purge: async (limit) => (await this.db.statement('purge known networks', PURGE, [limit, known])).length,
      },
    ];
  }
}
