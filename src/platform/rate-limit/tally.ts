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

/** The keys of one limit, or of one limit's wider networks: counted in the database, remembered where they are used up. */
export class Tally {
  readonly #store: RateLimiterPostgres;
  readonly #usedUp: UsedUp;

  /** @param believedFor milliseconds that a used-up key is believed to be so without asking; undefined: until its window ends */
  constructor(db: Database, keyPrefix: string, { points, seconds }: Rate, believedFor: number | undefined) {
    this.#usedUp = new UsedUp(believedFor);
    this.#store = new RateLimiterPostgres({
      storeClient: { query: queryOf(db) },
      storeType: 'client',
      tableName: TABLE,
      tableCreated: true,
      clearExpiredByTimeout: false, // RateLimitPurge does it
      keyPrefix,
      points,
      duration: seconds,
    });
  }

  /** Counts one. `left`: how many more the window takes; -1 where it took not even this one, with the milliseconds until its end. */
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

  /** Milliseconds that the key is known to be used up for; 0 where this node knows nothing. Asks nobody. */
  known(key: string): number {
    return this.#usedUp.left(key);
  }

  async forget(key: string): Promise<void> {
    this.#usedUp.forget(key);
    await this.#store.delete(key);
  }
}

/** As the library asks, over the application's own pool: with its timeouts, its named statements and its errors. */
function queryOf(db: Database) {
  return async ({ name, text, values }: Query): Promise<{ rows: object[]; rowCount: number }> => {
    const rows = await db.statement<object>(name, text, values);
    return { rows, rowCount: rows.length };
  };
}
