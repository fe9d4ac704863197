import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from '../database/index.js';
import type { Rate } from '../limits/index.js';
import { UsedUp } from './used-up.js';

const TABLE = 'rate_limit';

interface Query {
  name: string;
  text: string;
  values: unknown[];
}

/** Counters for one limit, or for its wider networks: counted in the database, remembered here once used up. */
export class Tally {
  readonly #store: RateLimiterPostgres;
  readonly #usedUp: UsedUp;

  /** @param believedFor milliseconds to trust that a key is used up without asking; undefined: until its window ends */
  constructor(db: Database, keyPrefix: string, { points, seconds }: Rate, believedFor: number | undefined) {
    this.#usedUp = new UsedUp(believedFor);
    this.#store = new RateLimiterPostgres({
      storeClient: { query: queryOf(db) },
      storeType: 'client',
      tableName: TABLE,
      tableCreated: true,
      clearExpiredByTimeout: false, // RateLimitPurge does this
      keyPrefix,
      points,
      duration: seconds,
    });
  }

  /**
   * Counts one attempt. `left` is the number of attempts that remain, -1 if this one was refused; `wait` is the number
   * of milliseconds until the window ends.
   */
  async count(key: string): Promise<{ left: number; wait: number }> {
    const known = this.#usedUp.left(key);
    if (known > 0) return { left: -1, wait: known };
    try {
      const { remainingPoints, msBeforeNext } = await this.#store.consume(key);
      return { left: remainingPoints, wait: msBeforeNext };
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      this.#usedUp.add(key, refused.msBeforeNext);
      return { left: -1, wait: refused.msBeforeNext };
    }
  }

  /** Milliseconds until a used-up key is free again; 0 if this node knows of nothing. Does not query. */
  known(key: string): number {
    return this.#usedUp.left(key);
  }

  async forget(key: string): Promise<void> {
    this.#usedUp.forget(key);
    await this.#store.delete(key);
  }
}

/** Runs the library's queries on the application's pool, with its timeouts, prepared statements and error handling. */
function queryOf(db: Database) {
  return async ({ name, text, values }: Query): Promise<{ rows: object[]; rowCount: number }> => {
    const rows = await db.statement<object>(name, text, values);
    return { rows, rowCount: rows.length };
  };
}
