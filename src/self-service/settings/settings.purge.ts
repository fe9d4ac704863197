import { Injectable } from '@nestjs/common';
import { Database, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Index: settings_flow_expires_at. */
const PURGE = `
  DELETE FROM settings_flow WHERE id IN (
    SELECT id FROM settings_flow WHERE expires_at < clock_timestamp() - make_interval(secs => $2::float8)
    ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING 1 AS one`;

/** Offers expired settings flows for removal. */
@Injectable()
export class SettingsPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [{ name: 'settings_flow', purge: (limit, keepSeconds) => this.#purge(limit, keepSeconds) }];
  }

  async #purge(limit: number, keepSeconds: number): Promise<number> {
    return (await this.db.statement('settings_flow_purge', PURGE, [limit, keepSeconds])).length;
  }
}
