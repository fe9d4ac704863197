import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { cancelRequest } from './cancel-request.js';
import { OutOfTime } from './out-of-time.js';
import { before, budgetLeft } from './request-budget.js';

/** Milliseconds that a cancel request gets; then its connection is closed all the same. */
const CANCEL = 1_000;
/** After so many milliseconds at rest a connection is asked whether it still works, and so long it may take to answer. */
const AT_REST = 2_000;
const STILL_THERE = 500;
/** Milliseconds in which a closing pool gets its connections back and says goodbye; then it cuts them. */
const CLOSING = 2_000;
const LOOK_AGAIN = 10;
/** What Node's timers can count. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Makes a pool that a lost network cannot use up. Nothing waits longer than the request's budget or, outside of a request,
 * `longest` milliseconds a statement: then its connection is cancelled and closed, whoever holds it, and its place is free.
 * Callers use `connect()` with promises, or `onConnection`.
 */
export function guardPool(pool: Pool, longest: number): void {
  new PoolGuard(pool, longest);
}

/** One statement on a connection of the pool. */
export async function onConnection<Row extends QueryResultRow>(
  pool: Pool,
  statement: QueryConfig,
): Promise<QueryResult<Row>> {
  const client = await pool.connect();
  let failed = true; // a plan that does not fit any more, for instance, stays with its connection
  try {
    const result = await client.query<Row>(statement);
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}

class PoolGuard {
  readonly #open = new Set<PoolClient>();
  /** with the time since when they rest */
  readonly #resting = new Map<PoolClient, number>();
  /** given up: their connections are being closed, and then they leave the pool */
  readonly #lost = new WeakSet<PoolClient>();
  readonly #connect: () => Promise<PoolClient>;
  readonly #end: () => Promise<void>;

  constructor(
    pool: Pool,
    private readonly longest: number,
  ) {
    this.#connect = pool.connect.bind(pool);
    this.#end = pool.end.bind(pool);
    pool.on('connect', (client) => this.#limit(client));
    pool.connect = ((callback?: unknown) => {
      if (callback !== undefined) throw new Error('a guarded pool is used with promises');
      return this.#take();
    }) as Pool['connect'];
    pool.end = (() => this.#close()) as Pool['end'];
  }

  /** A connection that rested may have been forgotten by the network: if it has, so have the others that rest. */
  async #take(): Promise<PoolClient> {
    for (;;) {
      const client = await this.#wait();
      const since = this.#resting.get(client);
      this.#resting.delete(client);
      this.#hold(client);
      if (since === undefined || performance.now() - since < AT_REST || (await this.#answers(client))) return client;
      this.#cut(client);
      this.#cutResting();
    }
  }

  #wait(): Promise<PoolClient> {
    const client = this.#connect();
    const left = budgetLeft();
    if (left === undefined) return client;
    const late = (unwanted: PoolClient): void => unwanted.release();
    return before(left, client, () => new OutOfTime('pool wait expired'), late);
  }

  /** Whoever holds a connection when it ends may never give it back: its place is freed for them. */
  #hold(client: PoolClient): void {
    const release = client.release.bind(client);
    let held = true;
    const giveBack = (error?: Error | boolean): void => {
      if (!held) return;
      held = false;
      client.off('end', ended);
      if (!error) this.#resting.set(client, performance.now());
      release(error);
    };
    const ended = (): void => giveBack(true);
    client.once('end', ended);
    client.release = (error) => {
      if (!this.#lost.has(client)) giveBack(error);
    };
  }

  async #answers(client: PoolClient): Promise<boolean> {
    const answer = client.query('SELECT 1').then(() => true);
    return before(STILL_THERE, answer, () => new OutOfTime('no answer in time')).catch(() => false);
  }

  #limit(client: PoolClient): void {
    this.#open.add(client);
    client.once('end', () => {
      this.#open.delete(client);
      this.#resting.delete(client);
    });
    const driver = Object.getPrototypeOf(client) as { query(...given: unknown[]): unknown };
    const ask = (...given: unknown[]): unknown => driver.query.apply(client, given);
    client.query = ((...given: unknown[]) => {
      if (given.some((part) => typeof part === 'function')) return ask(...given);
      return this.#timed(client, () => ask(...given) as Promise<unknown>);
    }) as typeof client.query;
  }

  #timed<T>(client: PoolClient, ask: () => Promise<T>): Promise<T> {
    if (this.#lost.has(client)) return Promise.reject(new OutOfTime('no answer in time'));
    const left = budgetLeft() ?? this.longest;
    if (left <= 0) this.#cut(client);
    if (left <= 0) return Promise.reject(new OutOfTime('no answer in time'));
    return before(Math.min(left, LONGEST_TIMER), ask(), () => {
      void this.#abandon(client);
      return new OutOfTime('no answer in time');
    });
  }

  /** Closed in any case: what came after a late answer, or a late cancel, would be somebody else's trouble. */
  async #abandon(client: PoolClient): Promise<void> {
    this.#lost.add(client);
    const heard = await cancelRequest(client, CANCEL);
    this.#cut(client);
    if (!heard) this.#cutResting();
  }

  #cutResting(): void {
    for (const client of this.#resting.keys()) this.#cut(client);
  }

  /** Without a goodbye, which a lost network would keep waiting. */
  #cut(client: PoolClient): void {
    this.#lost.add(client);
    client.connection.stream.destroy();
  }

  /** Resolves when every connection is closed, which takes a moment or, where nobody answers, `CLOSING`. */
  async #close(): Promise<void> {
    const limit = performance.now() + CLOSING;
    const ended = this.#end();
    while (this.#open.size > 0 && performance.now() < limit) await sleep(LOOK_AGAIN);
    for (const client of this.#open) this.#cut(client);
    await Promise.race([ended, sleep(CLOSING, undefined, { ref: false })]);
  }
}
