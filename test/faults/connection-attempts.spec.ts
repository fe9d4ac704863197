import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guardPool, onConnection, withinBudget } from '../../src/platform/database/index.js';
import { emptyDatabase } from '../support/database.js';
import { FaultyNetwork } from './network/faulty-network.js';

const POOL = 10;
const CLIENTS = 25;
/** Milliseconds: of one connection attempt, of one request. */
const ATTEMPT = 300;
const BUDGET = 500;
/** Milliseconds that statements and connections may take on a good network. */
const PATIENCE = 10_000;
/** Milliseconds of a slow network, in each direction. */
const SLOW = 250;
/** Milliseconds of silence. */
const SILENCE = 6_000;
/** Milliseconds that the test's machine may add. */
const BUSY_MACHINE = 2_000;

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let network: FaultyNetwork;
const pools: pg.Pool[] = [];
beforeEach(async () => {
  database = await emptyDatabase();
  network = await FaultyNetwork.before(database.url);
});
afterEach(async () => {
  network.heal();
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
  await network.close();
  await database.drop();
});

function guarded(connectionString = network.url, connectionTimeoutMillis = ATTEMPT): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: POOL, connectionTimeoutMillis });
  pool.on('error', () => undefined);
  guardPool(pool, PATIENCE);
  pools.push(pool);
  return pool;
}

const ask = (pool: pg.Pool, text = 'SELECT 1'): Promise<unknown> =>
  withinBudget(BUDGET, () => onConnection(pool, { text }));

/** As many statements at once as the pool may have connections; each needs its own. */
const full = async (pool: pg.Pool): Promise<number> => {
  await Promise.all(Array.from({ length: POOL }, () => onConnection(pool, { text: 'SELECT pg_sleep(0.4)' })));
  return pool.totalCount;
};

/** On a slow network a connection and its statement take four round trips: ten in a row would take twenty seconds. */
async function opensTogether(pool: pg.Pool): Promise<void> {
  network.delay(SLOW);
  const began = performance.now();
  expect(await full(pool)).toBe(POOL);
  expect(performance.now() - began).toBeLessThan(12 * SLOW + 2 * BUSY_MACHINE);
}

/** Requests without a pause; resolves to the duration of each, in milliseconds, and whether any succeeded. */
async function load(pool: pg.Pool, milliseconds: number): Promise<{ took: number[]; succeeded: number }> {
  const result = { took: [] as number[], succeeded: 0 };
  const limit = performance.now() + milliseconds;
  const client = async (): Promise<void> => {
    while (performance.now() < limit) {
      const began = performance.now();
      await ask(pool).then(
        () => result.succeeded++,
        () => setTimeout(5),
      );
      result.took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return result;
}

describe('a pool whose server is silent', () => {
  test.each([0, POOL])('tries one connection at a time, with %d connections before', async (connections) => {
    const pool = guarded(network.url, PATIENCE);
    if (connections > 0) expect(await full(pool)).toBe(connections);
    pool.options.connectionTimeoutMillis = ATTEMPT;
    const before = network.opened;
    network.lose();
    const { took, succeeded } = await load(pool, SILENCE);
    const opened = network.opened - before;
    console.log(`${opened} connections opened in ${SILENCE} ms of silence`);
    // a first round before anything has failed, a cancel request for each lost connection, then one after the other
    expect(opened).toBeLessThan(2 * POOL + SILENCE / ATTEMPT + 5);
    expect(opened).toBeGreaterThan(5);
    expect(succeeded).toBe(0);
    expect(Math.max(...took)).toBeLessThan(BUDGET + BUSY_MACHINE);
  });

  test('opens all its connections after the first success', async () => {
    const pool = guarded();
    network.lose();
    await load(pool, 3 * ATTEMPT);
    pool.options.connectionTimeoutMillis = PATIENCE;
    network.heal();
    await expect.poll(() => ask(pool).then(() => 'answered', String), { timeout: 10_000 }).toBe('answered');
    await opensTogether(pool);
  });

  test('ends an attempt that waits for its turn, and frees its slot', async () => {
    const pool = guarded();
    network.lose();
    await expect(ask(pool)).rejects.toThrow('connection timeout');
    const together = await Promise.allSettled(
      Array.from({ length: POOL }, () => onConnection(pool, { text: 'SELECT 1' })),
    );
    for (const outcome of together) expect(outcome).toMatchObject({ reason: { message: /connection timeout/ } });
    expect(pool.totalCount).toBe(0);
  });
});

test('a server that refuses is asked by every request, one after the other', async () => {
  let [asked, open, most] = [0, 0, 0];
  const server = createServer((socket) => {
    asked++;
    most = Math.max(most, ++open);
    socket.on('error', () => undefined);
    void setTimeout(30).then(() => {
      open--;
      socket.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const pool = guarded(`postgres://127.0.0.1:${(server.address() as { port: number }).port}/none`, PATIENCE);
  await expect(ask(pool)).rejects.toThrow();
  const together = await Promise.allSettled(
    Array.from({ length: POOL }, () => onConnection(pool, { text: 'SELECT 1' })),
  );
  expect(together.map(({ status }) => status)).toEqual(Array.from({ length: POOL }, () => 'rejected'));
  expect({ asked, most }).toEqual({ asked: 1 + POOL, most: 1 });
  await new Promise((done) => server.close(done));
});

test('in good times a pool opens its connections together', async () => {
  const pool = guarded(network.url, PATIENCE);
  await opensTogether(pool);
  expect(network.opened).toBe(POOL);
});
