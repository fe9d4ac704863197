import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';
import { CurrentRequest } from '../http/index.js';
import { KEY_RING, KeyRing } from '../keys/index.js';
import { FORGIVEN, LIMIT_NAMES, type LimitName, LIMITS, type Part, type Rate, type Rates } from '../limits/index.js';
import { networkKey, wideNetworkKey } from './network-key.js';
import { TooManyRequests } from './rate-limit.errors.js';
import { RATES, REFUSAL_COUNTER, type RefusalCounter } from './rate-limit.options.js';
import type { RateLimiter } from './rate-limiter.js';
import { Tally } from './tally.js';

/**
 * Milliseconds after which a node asks the database again, because another node may have reset the count for a correct
 * secret.
 */
const FORGIVEN_AFTER = 1_000;
/** How many times the limit of one /64 an IPv6 /48 gets. */
const WIDER = 16;

interface Counter {
  readonly rate: Rate;
  readonly own: Tally;
  /** for the surrounding /48; absent if the limit does not count by network */
  readonly wide: Tally | undefined;
}

/**
 * Counts in PostgreSQL, in the table of migration 0003, with one atomic upsert per key. Keys are MACs, so the table
 * contains no addresses or networks. Windows follow the nodes' clocks: a wrong clock can lengthen a window for others,
 * but never raises the count.
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
      if (rate) this.#counters.set(name, counterOf(db, name, rate));
    }
  }

  async take(limits: readonly LimitName[], subject = ''): Promise<void> {
    for (const name of limits) {
      const refusal = await this.refusal(name, subject);
      if (refusal) throw refusal;
    }
  }

  async allows(limit: LimitName, subject = ''): Promise<boolean> {
    return (await this.left(limit, subject)) >= 0;
  }

  async refusal(limit: LimitName, subject = ''): Promise<TooManyRequests | undefined> {
    return (await this.#count(limit, subject)).refusal;
  }

  async left(limit: LimitName, subject = ''): Promise<number> {
    return (await this.#count(limit, subject)).left;
  }

  async forgive(limits: readonly LimitName[], subject = ''): Promise<void> {
    await Promise.all(
      limits.flatMap((name) => this.#tallies(name, subject).map(({ tally, key }) => tally.forget(key))),
    );
  }

  known(limit: LimitName, subject = ''): TooManyRequests | undefined {
    const counter = this.#counters.get(limit);
    const wait = Math.max(0, ...this.#tallies(limit, subject).map(({ tally, key }) => tally.known(key)));
    return counter && wait > 0 ? tooMany(counter.rate, wait) : undefined;
  }

  async #count(name: LimitName, subject: string): Promise<{ left: number; refusal?: TooManyRequests }> {
    let least = Number.POSITIVE_INFINITY;
    for (const { tally, key } of this.#tallies(name, subject)) {
      const { left, wait } = await tally.count(key);
      if (left < 0) {
        this.refusals.refused('rate_limit.exceeded', 'rate_limit', name);
        return { left, refusal: tooMany(this.#counters.get(name)!.rate, wait) };
      }
      least = Math.min(least, left);
    }
    return { left: least };
  }

  /** The counters for one attempt: none if the limit is off, two for an IPv6 network. */
  #tallies(name: LimitName, subject: string): { tally: Tally; key: string }[] {
    const counter = this.#counters.get(name);
    if (!counter) return [];
    const { network } = this.current.get();
    const wider = wideNetworkKey(network);
    const own = { tally: counter.own, key: this.#key(name, subject, networkKey(network)) };
    if (!counter.wide || wider === undefined) return [own];
    return [own, { tally: counter.wide, key: this.#key(name, subject, wider) }];
  }

  #key(name: LimitName, subject: string, network: string): string {
    const { actor } = this.current.get();
    const values: Record<Part, string> = { network, subject, actor: actor.id ?? actor.type };
    const parts = LIMITS[name].map((part) => values[part]);
    return this.keys.mac('rate-limit', name, ...parts).mac.toString('base64url');
  }
}

function counterOf(db: Database, name: LimitName, rate: Rate): Counter {
  const parts: readonly Part[] = LIMITS[name];
  const believedFor = FORGIVEN.includes(name) ? FORGIVEN_AFTER : undefined;
  const wider = { ...rate, points: rate.points * WIDER };
  return {
    rate,
    own: new Tally(db, name, rate, believedFor),
    wide: parts.includes('network') ? new Tally(db, `${name}_48`, wider, believedFor) : undefined,
  };
}

const tooMany = (rate: Rate, wait: number): TooManyRequests =>
  new TooManyRequests(rate, Math.max(1, Math.ceil(wait / 1000)));
