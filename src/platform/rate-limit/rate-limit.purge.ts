import { Injectable } from '@nestjs/common';
import { Database, type Purgeable, type PurgeableSource } from '../database/index.js';

/**
 * $1 rows at most. Windows end by the nodes' clocks: an hour on top, and no clock that is merely wrong loses a count.
 * Index: rate_limit_expire.
 */
const PURGE = `
  DELETE FROM rate_limit WHERE key = ANY (ARRAY(
    SELECT key FROM rate_limit WHERE expire < (extract(epoch FROM statement_timestamp()) * 1000)::bigint - 3600000
    ORDER BY expire LIMIT $1::integer FOR UPDATE SKIP LOCKED))
  RETURNING 1 AS one`;

/** Offers windows that are over. Nobody is told anything about them: they are kept no longer. */
@Injectable()
export class RateLimitPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    const name = 'rate limits';
    return [{ name, purge: async (limit) => (await this.db.statement(`purge ${name}`, PURGE, [limit])).length }];
  }
}
