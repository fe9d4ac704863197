import type { Database } from './database.js';

/** Injection token for the list of everything that can be purged; `app.module` fills it. */
export const PURGEABLE = Symbol('PURGEABLE');

/**
 * Removes rows that are no longer needed.
 * `purge` deletes at most `limit` rows that ended more than `keepSeconds` ago and resolves to the number deleted; fewer
 * than `limit` means that none are left. Every node may run it at once (FOR UPDATE SKIP LOCKED).
 */
export interface Purgeable {
  readonly name: string;
  purge(limit: number, keepSeconds: number): Promise<number>;
}

/** A service that offers its module's purgeables, in the order in which they should run. */
export interface PurgeableSource {
  purgeables(): readonly Purgeable[];
}

interface EndedRows {
  /** shown to operators: what is removed */
  readonly name: string;
  readonly table: string;
  /** the primary key column; default: `id` */
  readonly key?: string;
  /** the indexed timestamptz column that says when a row ended */
  readonly ended: string;
  /** SQL condition that limits which rows are removed */
  readonly where?: string;
  /** upper limit in seconds for how long rows are kept after they end, whatever the configuration says */
  readonly keepAtMost?: number;
}

/** Seconds to keep rows that anyone can create and no one will ask for: one day. */
export const ONE_DAY = 86_400;

/**
 * Removes rows of one table that ended long enough ago, oldest first. Names and conditions come from our code, never
 * from a client.
 * Compares with the statement's time: an index scan can use that, while `clock_timestamp()` would be evaluated for each
 * row.
 */
export function endedRows(
  db: Database,
  { name, table, key = 'id', ended, where = 'true', keepAtMost = Infinity }: EndedRows,
): Purgeable {
  const sql = `
    DELETE FROM "${table}" WHERE ${key} = ANY (ARRAY(
      SELECT ${key} FROM "${table}" WHERE ${ended} < statement_timestamp() - make_interval(secs => $2::double precision) AND ${where}
      ORDER BY ${ended} LIMIT $1::integer FOR UPDATE SKIP LOCKED))
    RETURNING 1 AS one`;
  return {
    name,
    purge: async (limit, keepSeconds) =>
      (await db.statement(`purge ${name}`, sql, [limit, Math.min(keepSeconds, keepAtMost)])).length,
  };
}
