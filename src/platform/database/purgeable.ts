import type { Database } from './database.js';

/** Injection token of the list of everything that can be purged; `app.module` fills it. */
export const PURGEABLE = Symbol('PURGEABLE');

/**
 * Something that removes rows which nobody needs any more.
 * `purge` deletes at most `limit` rows (FOR UPDATE SKIP LOCKED: every node may run it at once) that ended more than
 * `keepSeconds` ago, and resolves to how many it deleted; fewer than `limit` means that nothing is left.
 */
export interface Purgeable {
  readonly name: string;
  purge(limit: number, keepSeconds: number): Promise<number>;
}

/** A module's service that offers purgeables, in the order in which they should run. */
export interface PurgeableSource {
  purgeables(): readonly Purgeable[];
}

interface EndedRows {
  /** for people: what is removed */
  readonly name: string;
  readonly table: string;
  /** the column of its primary key; absent: `id` */
  readonly key?: string;
  /** the indexed timestamptz column that says when a row ended */
  readonly ended: string;
  /** which rows only; SQL */
  readonly where?: string;
  /** seconds: they go this long after they ended, whatever the configuration would keep */
  readonly keepAtMost?: number;
}

/** Seconds that rows are kept which anybody can make, and nobody will ask for: a day. */
export const ONE_DAY = 86_400;

/**
 * Removes the rows of one table that ended long enough ago, oldest first. Names and conditions are ours, never a client's.
 * The time is the statement's: an index can be searched by that, where `clock_timestamp()` would be asked again at each row.
 */
export function endedRows(
  db: Database,
  { name, table, key = 'id', ended, where = 'true', keepAtMost = Infinity }: EndedRows,
): Purgeable {
  const sql = `
    DELETE FROM ${table} WHERE ${key} = ANY (ARRAY(
      SELECT ${key} FROM ${table} WHERE ${ended} < statement_timestamp() - make_interval(secs => $2::double precision) AND ${where}
      ORDER BY ${ended} LIMIT $1::integer FOR UPDATE SKIP LOCKED))
    RETURNING 1 AS one`;
  return {
    name,
    purge: async (limit, keepSeconds) =>
      (await db.statement(`purge ${name}`, sql, [limit, Math.min(keepSeconds, keepAtMost)])).length,
  };
}
