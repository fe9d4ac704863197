import { Injectable } from '@nestjs/common';
import { Database, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Index: flow_error_created_at. */
const PURGE = `
  DELETE FROM flow_error WHERE id IN (
    SELECT id FROM flow_error WHERE created_at < clock_timestamp() - make_interval(secs => $2::float8)
    ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING 1 AS one`;

/** Offers old errors for removal. */
@Injectable()
export class ErrorsPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [{ name: 'flow_error', purge: (limit, keepSeconds) => this.#purge(limit, keepSeconds) }];
  }

  async #purge(limit: number, keepSeconds: number): Promise<number> {
    return (await this.db.statement('flow_error_purge', PURGE, [limit, keepSeconds])).length;
  }
}
