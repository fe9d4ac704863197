import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { cancelRequest } from './cancel-request.js';
import { ConnectionGate } from './connection-gate.js';
import { OutOfTime } from './out-of-time.js';
import { before, budgetLeft } from './request-budget.js';

/** Milliseconds allowed for a cancel request. Its connection is closed afterwards either way. */
const CANCEL = 1_000;
/** A connection idle for `AT_REST` milliseconds is probed before use, and has `STILL_THERE` milliseconds to answer. */
const AT_REST = 2_000;
const STILL_THERE = 500;
/** Milliseconds a closing pool waits for connections to come back and end cleanly before it cuts them. */
const CLOSING = 2_000;
const LOOK_AGAIN = 10;
/** Largest delay that a Node timer accepts. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Protects a pool from being exhausted when the network is lost. A statement may take no longer than the rest of the
 * request's budget or, outside a request, `longest` milliseconds. Past that, its connection is cancelled and closed,
 * whoever holds it, and its slot in the pool is free again. While the server is silent, the pool tries one connection at
 * a time.
 * Callers use `connect()` with promises, or `onConnection`. The pool needs a `connectionTimeoutMillis`.
 */
export function guardPool(pool: Pool, longest: number): void {
  new PoolGuard(pool, longest);
}

/** Runs one statement on a connection of the pool. */
export async function onConnection<Row extends QueryResultRow>(
  pool: Pool,
  statement: QueryConfig,
): Promise<QueryResult<Row>> {
  const client = await pool.connect();
  let failed = true; // a broken connection state, such as an outdated cached plan, must not return to the pool
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
  /** each with the time it became idle */
  readonly #resting = new Map<PoolClient, number>();
  /** abandoned connections: they are being closed and then leave the pool */
  readonly #lost = new WeakSet<PoolClient>();
  readonly #gate: ConnectionGate;
  readonly #connect: () => Promise<PoolClient>;
  readonly #end: () => Promise<void>;

  constructor(
    pool: Pool,
    private readonly longest: number,
  ) {
    this.#gate = new ConnectionGate(pool);
    this.#connect = pool.connect.bind(pool);
    this.#end = pool.end.bind(pool);
    pool.on('connect', (client) => this.#limit(client));
    pool.connect = ((callback?: unknown) => {
      if (callback !== undefined) throw new Error('a guarded pool is used with promises');
      return this.#take();
    }) as Pool['connect'];
    pool.end = (() => this.#close()) as Pool['end'];
  }

  /** The network may have dropped an idle connection. If one is dead, so are the other idle ones. */
  async #take(): Promise<PoolClient> {
    for (;;) {
      const client = await this.#wait();
      const since = this.#resting.get(client);
      this.#resting.delete(client);
      this.#hold(client);
      if (since === undefined || performance.now() - since < AT_REST || (await this.#answers(client))) return client;
      this.#gate.close();
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

  /** A holder whose connection has ended may never release it, so its slot is freed here. */
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
    client.on('error', () => undefined); // the statement reports it or, if the connection is idle, the pool
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

  /** Always closes the connection: a late answer or a late cancel would otherwise hit its next user. */
  async #abandon(client: PoolClient): Promise<void> {
    this.#lost.add(client);
    const heard = await cancelRequest(client, CANCEL);
    if (!heard) this.#gate.close();
    this.#cut(client);
    if (!heard) this.#cutResting();
  }

  #cutResting(): void {
    for (const client of this.#resting.keys()) this.#cut(client);
  }

  /** Skips the protocol's goodbye, which would hang on a lost network. */
  #cut(client: PoolClient): void {
    this.#lost.add(client);
    client.connection.stream.destroy();
  }

  /** Resolves when every connection is closed: usually at once, at the latest after twice `CLOSING`. */
  async #close(): Promise<void> {
    const limit = performance.now() + CLOSING;
    const ended = this.#end();
    while (this.#open.size > 0 && performance.now() < limit) await sleep(LOOK_AGAIN);
    for (const client of this.#open) this.#cut(client);
    await Promise.race([ended, sleep(CLOSING, undefined, { ref: false })]);
  }
}
