import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { Database } from '../database/index.js';
import { CurrentRequest } from '../http/index.js';
import { KEY_RING, KeyRing } from '../keys/index.js';
import { LIMIT_NAMES, type LimitName, LIMITS, type Part, type Rate, type Rates } from '../limits/index.js';
import { networkKey } from './network-key.js';
import { TooManyRequests } from './rate-limit.errors.js';
import { RATES, REFUSAL_COUNTER, type RefusalCounter } from './rate-limit.options.js';
import type { RateLimiter } from './rate-limiter.js';

const TABLE = 'rate_limit';
/** Used-up keys of one limit that a node remembers, so that a flood costs no statements. */
const MOST_REMEMBERED = 5_000;

interface Counter {
  readonly rate: Rate;
  readonly store: RateLimiterPostgres;
  remembered: number;
}

/**
 * Counts in PostgreSQL, one atomic upsert a key, in the table of migration 0003. The keys are MACs: the table names no address
 * and no network. The windows follow the nodes' clocks; one that is wrong makes a window longer for others, never the count larger.
 */
@Injectable()
export class PostgresRateLimiter implements RateLimiter {
  readonly #counters = new Map<LimitName, Counter>();

  constructor(
    db: Database,
    private readonly current: CurrentRequest,
    @Inject(KEY_RING) private readonly keys: KeyRing,
    @Inject(RATES) rates: Rates,
    @Inject(REFUSAL_COUNTER) private readonly refusals: RefusalCounter,
  ) {
    for (const name of LIMIT_NAMES) {
      const rate = rates[name];
      if (rate) this.#counters.set(name, { rate, store: storeOf(db, name, rate), remembered: 0 });
    }
  }

  async take(limits: readonly LimitName[], subject = ''): Promise<void> {
    for (const name of limits) {
      const refusal = await this.#consume(name, subject);
      if (refusal) throw refusal;
    }
  }

  async allows(limit: LimitName, subject = ''): Promise<boolean> {
    return (await this.#consume(limit, subject)) === undefined;
  }

  async forgive(limits: readonly LimitName[], subject = ''): Promise<void> {
    await Promise.all(limits.map((name) => this.#counters.get(name)?.store.delete(this.#key(name, subject))));
  }

  async #consume(name: LimitName, subject: string): Promise<TooManyRequests | undefined> {
    const counter = this.#counters.get(name);
    if (!counter) return undefined;
    try {
      bound(counter, await counter.store.consume(this.#key(name, subject)));
      return undefined;
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      bound(counter, refused);
      this.refusals.refused('rate_limit.exceeded', 'rate_limit', name);
      return new TooManyRequests(counter.rate, Math.max(1, Math.ceil(refused.msBeforeNext / 1000)));
    }
  }

  #key(name: LimitName, subject: string): string {
    const parts = LIMITS[name].map((part) => this.#part(part, subject));
    return this.keys.mac('rate-limit', name, ...parts).mac.toString('base64url');
  }

  #part(part: Part, subject: string): string {
    const { network, actor } = this.current.get();
    if (part === 'network') return networkKey(network);
    return part === 'actor' ? (actor.id ?? actor.type) : subject;
  }
}

function storeOf(db: Database, keyPrefix: LimitName, { points, seconds }: Rate): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: { query: queryOf(db) },
    storeType: 'client',
    tableName: TABLE,
    tableCreated: true,
    clearExpiredByTimeout: false, // RateLimitPurge does it
    keyPrefix,
    points,
    duration: seconds,
    inMemoryBlockOnConsumed: points,
  });
}

interface Query {
  name: string;
  text: string;
  values: unknown[];
}

/** As the library asks, over the application's own pool: with its timeouts, its named statements and its errors. */
function queryOf(db: Database) {
  return async ({ name, text, values }: Query): Promise<{ rows: object[]; rowCount: number }> => {
    const rows = await db.statement<object>(name, text, values);
    return { rows, rowCount: rows.length };
  };
}

/** The library remembers each key that the database says is used up, and forgets them one by one only when their time is over. */
function bound(counter: Counter, { consumedPoints }: RateLimiterRes): void {
  if (consumedPoints < counter.rate.points || ++counter.remembered <= MOST_REMEMBERED) return;
  counter.store.deleteInMemoryBlockedAll();
  counter.remembered = 0;
}
