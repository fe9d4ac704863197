import { Injectable } from '@nestjs/common';
import { Database, ONE_DAY, type Purgeable, type PurgeableSource } from '../platform/database/index.js';

/**
 * $1: maximum number of rows, $2: seconds that an ended flow is kept. Index: recovery_flow_expires_at. Grants are
 * deleted with their flow.
 */
const PURGE = (which: string): string => `
  DELETE FROM recovery_flow WHERE id = ANY (ARRAY(
    SELECT id FROM recovery_flow WHERE expires_at < statement_timestamp() - make_interval(secs => $2::double precision) AND ${which}
    ORDER BY expires_at LIMIT $1::integer FOR UPDATE SKIP LOCKED))
  RETURNING id`;

/** $1: maximum number of rows. Index: recovery_idempotency_key_forget_at. */
const PURGE_KEYS = `
  DELETE FROM recovery_idempotency_key WHERE digest = ANY (ARRAY(
    SELECT digest FROM recovery_idempotency_key WHERE forget_at < statement_timestamp()
    ORDER BY forget_at LIMIT $1::integer FOR UPDATE SKIP LOCKED))
  RETURNING digest`;

/** $1: maximum number of rows. A limit's window is at most one day. Index: code_guess_last_at. */
const PURGE_GUESSES = `
  DELETE FROM code_guess WHERE subject = ANY (ARRAY(
    SELECT subject FROM code_guess WHERE last_at < statement_timestamp() - interval '24 hours'
    ORDER BY last_at LIMIT $1::integer FOR UPDATE SKIP LOCKED))
  RETURNING 1 AS one`;

/** Flows that anyone could start are purged first. */
@Injectable()
export class RecoveryPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [
      this.#flows('recovery flows that mailed nothing', 'identity_id IS NULL AND mail_count = 0', ONE_DAY),
      this.#flows('recovery flows of nobody', 'identity_id IS NULL'),
      this.#flows('recovery flows and their grants', 'identity_id IS NOT NULL'),
      {
        name: 'idempotency keys',
        purge: async (limit) => (await this.db.statement('purge idempotency keys', PURGE_KEYS, [limit])).length,
      },
      {
        name: 'guesses of codes',
        purge: async (limit) => (await this.db.statement('purge guesses of codes', PURGE_GUESSES, [limit])).length,
      },
    ];
  }

  #flows(name: string, which: string, keepAtMost = Infinity): Purgeable {
    const sql = PURGE(which);
    return {
      name,
      purge: async (limit, keepSeconds) =>
        (await this.db.statement(`purge ${name}`, sql, [limit, Math.min(keepSeconds, keepAtMost)])).length,
    };
  }
}
