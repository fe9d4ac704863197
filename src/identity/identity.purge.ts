import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../config/index.js';
import { Database, type Purgeable, type PurgeableSource } from '../platform/database/index.js';

/** $1: maximum number of rows, $2: seconds that a replaced address keeps working. Index: address_history_removed_at. */
const HISTORY = `
  DELETE FROM address_history WHERE id = ANY (ARRAY(
    SELECT id FROM address_history WHERE removed_at < statement_timestamp() - greatest(interval '30 days', make_interval(secs => $2::double precision))
      AND (kept_since IS NULL OR kept_since < statement_timestamp() - make_interval(secs => $2::double precision))
    ORDER BY removed_at LIMIT $1::integer FOR UPDATE SKIP LOCKED))
  RETURNING 1 AS one`;

/** $1: maximum number of rows, $2: seconds that a change can be undone. Index: address_change_changed_at. */
const CHANGES = `
  DELETE FROM address_change WHERE identity_id = ANY (ARRAY(
    SELECT identity_id FROM address_change WHERE changed_at < statement_timestamp() - make_interval(secs => $2::double precision)
    ORDER BY changed_at LIMIT $1::integer FOR UPDATE SKIP LOCKED))
  RETURNING 1 AS one`;

/** Purges the history of removed addresses, and changes that can no longer be undone. */
@Injectable()
export class IdentityPurge implements PurgeableSource {
  constructor(
    private readonly db: Database,
    private readonly regain: RegainConfig,
  ) {}

  purgeables(): readonly Purgeable[] {
    return [this.#purgeable('changes of addresses', CHANGES), this.#purgeable('former addresses', HISTORY)];
  }

  #purgeable(name: string, sql: string): Purgeable {
    const seconds = this.regain.recovery.address_min_age.seconds;
    return {
      name,
      purge: async (limit) => (await this.db.statement(`purge ${name}`, sql, [limit, seconds])).length,
    };
  }
}
