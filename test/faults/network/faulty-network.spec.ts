import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';
import { FaultyNetwork } from './faulty-network.js';

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let network: FaultyNetwork;
const clients: pg.Client[] = [];

beforeEach(async () => {
  database = await emptyDatabase();
  network = await FaultyNetwork.before(database.url);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.connection.stream.destroy();
  await network.close();
  await database.drop();
});

async function connected(url = network.url): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

/** The answer, the error's code or message, or `silence` after half a second. */
const outcome = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    work.then(
      () => 'answered',
      (error: Error & { code?: string }) => error.code ?? error.message,
    ),
    setTimeout(500, 'silence'),
  ]);

describe('a network in front of PostgreSQL', () => {
  test('forwards everything while there is no fault', async () => {
    const client = await connected();
    const { rows } = await client.query("SELECT repeat('x', 200000) AS text");
    expect(rows[0]).toEqual({ text: 'x'.repeat(200_000) });
    expect(network.connections).toBe(1);
  });

  test('delays in both directions', async () => {
    const client = await connected();
    network.delay(100);
    const began = performance.now();
    await client.query('SELECT 1');
    expect(performance.now() - began).toBeGreaterThan(195);
  });

  test('keeps back a request with the given texts, and what follows on its connection, until it lets go', async () => {
    const [held, other] = [await connected(), await connected()];
    const { held: came, letGo } = network.holdBack('asked_for', 'of that person');
    expect(await outcome(held.query("SELECT 1 AS asked_for, 'of another' AS whose"))).toBe('answered');
    const late = held.query("SELECT 1 AS asked_for, 'of that person' AS whose");
    await came;
    expect(await outcome(late)).toBe('silence');
    expect(await outcome(other.query("SELECT 1 AS asked_for, 'of that person' AS whose"))).toBe('answered');
    letGo();
    expect((await late).rows).toEqual([{ asked_for: 1, whose: 'of that person' }]);
    expect(await outcome(held.query('SELECT 1'))).toBe('answered');
  });

  test('drops data and silences connections that lost a byte; others and new ones work afterwards', async () => {
    const [unlucky, idle] = [await connected(), await connected()];
    network.lose();
    expect(await outcome(unlucky.query('SELECT 1'))).toBe('silence');
    expect(await outcome(connected())).toBe('silence');
    network.heal();
    expect(await outcome(idle.query('SELECT 1'))).toBe('answered');
    expect(await outcome(unlucky.query('SELECT 1'))).toBe('silence');
    expect(await outcome(connected())).toBe('answered');
  });

  test('silences existing connections', async () => {
    const client = await connected();
    network.forget();
    expect(await outcome(client.query('SELECT 1'))).toBe('silence');
    expect(await outcome(connected())).toBe('answered');
  });

  test('also drops the ends of connections until it heals', async () => {
    const [client, direct] = [await connected(), await connected(database.url)];
    const sessions = async (): Promise<number> => {
      const { rows } = await direct.query(
        'SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database()',
      );
      return (rows[0] as { open: number }).open;
    };
    network.lose();
    client.connection.stream.destroy();
    await setTimeout(300);
    expect(await sessions()).toBe(2);
    network.heal();
    await until('the session is over', async () => ((await sessions()) === 1 ? true : undefined));
  });

  test('resets', async () => {
    const client = await connected();
    const answer = outcome(client.query('SELECT pg_sleep(1)'));
    await setTimeout(50);
    network.reset();
    expect(await answer).toBe('ECONNRESET');
    expect(network.connections).toBe(0);
    expect(await outcome(connected())).toBe('answered');
    expect(network.opened).toBe(2);
  });

  test('half-closes: the client sees the end, and its data still arrives', async () => {
    const said: string[] = [];
    const server = createServer((socket) => socket.on('data', (data) => said.push(String(data))));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    const other = await FaultyNetwork.before(`postgres://127.0.0.1:${port}/`);
    const socket: Socket = connect({ port: Number(new URL(other.url).port), allowHalfOpen: true });
    socket.write('before');
    await until('it arrived', () => (said.join('') === 'before' ? true : undefined));
    const ended = once(socket.resume(), 'end');
    other.halfClose();
    await ended;
    socket.end(' and after');
    await until('it arrived', () => (said.join('') === 'before and after' ? true : undefined));
    await other.close();
    await new Promise((done) => server.close(done));
  });

  test.each(['reset', 'silence'] as const)('loses an answer after the commit, with a %s', async (how) => {
    const [client, direct] = [await connected(), await connected(database.url)];
    await direct.query('CREATE TABLE done (id int)');
    await client.query({ name: 'another', text: 'SELECT 1' });
    const lost = network.loseAnswerTo('do_it', how);
    const answer = outcome(client.query({ name: 'do_it', text: 'INSERT INTO done VALUES ($1)', values: [1] }));
    await lost;
    expect((await direct.query('SELECT id FROM done')).rows).toEqual([{ id: 1 }]);
    expect(await answer).toBe(how === 'reset' ? 'ECONNRESET' : 'silence');
    const again = await connected();
    await again.query({ name: 'do_it', text: 'INSERT INTO done VALUES ($1)', values: [2] });
  });
});
