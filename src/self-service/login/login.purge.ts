import { Injectable } from '@nestjs/common';
import { Database, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Index: login_flow_expires_at. */
const PURGE = `
  DELETE FROM login_flow WHERE id IN (
    SELECT id FROM login_flow WHERE expires_at < clock_timestamp() - make_interval(secs => $2::float8)
    ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING 1 AS one`;

/** Offers expired login flows for removal. */
@Injectable()
export class LoginPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [{ name: 'login_flow', purge: (limit, keepSeconds) => this.#purge(limit, keepSeconds) }];
  }

  async #purge(limit: number, keepSeconds: number): Promise<number> {
    return (await this.db.statement('login_flow_purge', PURGE, [limit, keepSeconds])).length;
  }
}
