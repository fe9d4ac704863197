import { Injectable } from '@nestjs/common';
import { Database, type Purgeable, type PurgeableSource } from '../platform/database/index.js';

/** Index: session_expires_at. Devices go with their session. */
const PURGE = `
  DELETE FROM session WHERE id IN (
    SELECT id FROM session WHERE expires_at < clock_timestamp() - make_interval(secs => $2::float8)
    ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING 1 AS one`;

/** Offers expired sessions for removal. */
@Injectable()
export class SessionPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [{ name: 'session', purge: (limit, keepSeconds) => this.#purge(limit, keepSeconds) }];
  }

  async #purge(limit: number, keepSeconds: number): Promise<number> {
    return (await this.db.statement('session_purge', PURGE, [limit, keepSeconds])).length;
  }
}
