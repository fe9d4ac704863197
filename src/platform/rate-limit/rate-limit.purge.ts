import { Injectable } from '@nestjs/common';
import { Database, type Purgeable, type PurgeableSource } from '../database/index.js';

/**
 * $1: most rows to delete. Windows end by the nodes' clocks; the extra hour keeps a clock that is off from losing
 * counts.
 * Index: rate_limit_expire.
 */
const PURGE = `
  DELETE FROM rate_limit WHERE key = ANY (ARRAY(
    SELECT key FROM rate_limit WHERE expire < (extract(epoch FROM statement_timestamp()) * 1000)::bigint - 3600000
    ORDER BY expire LIMIT $1::integer FOR UPDATE SKIP LOCKED))
  RETURNING 1 AS one`;

/** Purges windows that have ended. They are of no use afterwards, so `keepSeconds` does not apply. */
@Injectable()
export class RateLimitPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    const name = 'rate limits';
    return [{ name, purge: async (limit) => (await this.db.statement(`purge ${name}`, PURGE, [limit])).length }];
  }
}
