import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answers, Bench, postmasterOf, query } from '../support/embedded-postgres.js';

vi.setConfig({ testTimeout: 60_000 }); // each test sets up its own databases, perhaps on a busy machine

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.make();
});
afterEach(async () => {
  await bench.clear();
});

test('a second owner is refused while the first lives, and told its process', async () => {
  await bench.start('owner');
  const owner = JSON.parse(await readFile(join(bench.directory, 'owner.json'), 'utf8')) as Record<string, unknown>;
  expect(owner).toMatchObject({ pid: process.pid, role: 'owner', started_at: expect.stringMatching(/^\d{4}-.*Z$/) });
  const { message, remedy } = await bench.refused('owner');
  expect(message).toContain(`in use by another \`regain serve\` (process ${process.pid}`);
  expect(remedy).toContain('regain.embedded.data_dir');
});

test('of two owners that start at once on an empty directory, one succeeds', async () => {
  const results = await Promise.allSettled([bench.start('owner'), bench.start('owner')]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a command attaches to a running server, works there, and does not stop it', async () => {
  const serving = await bench.start('owner');
  const command = await bench.start('command');
  expect(command).toMatchObject({ owned: false, url: serving.url, directory: bench.directory });
  await command.stop();
  expect(await answers(serving.url)).toBe(true);
});

test('a command waits for an owner that is still setting up, until its database is there', async () => {
  const attach = async (): Promise<[string, unknown[]]> => {
    await setTimeout(100);
    const { url } = await bench.start('command');
    return [url, await query(url, 'SELECT 1 AS one')];
  };
  const [serving, attached] = await Promise.all([bench.start('owner'), attach()]);
  expect(attached).toEqual([serving.url, [{ one: 1 }]]);
});

test('a command on its own starts the server until it ends', async () => {
  const command = await bench.start('command');
  expect(command.owned).toBe(true);
  expect(await answers(command.url)).toBe(true);
  await command.stop();
  expect(await answers(command.url)).toBe(false);
  expect(existsSync(join(bench.directory, 'owner.json'))).toBe(false);
});

test('a command that started the server waits for another one that attached', async () => {
  const first = await bench.start('command');
  const second = await bench.start('command');
  expect(second.owned).toBe(false);
  const session = new pg.Client({ connectionString: second.url });
  await session.connect();
  const stopped = first.stop().then(() => 'stopped');
  expect(await Promise.race([stopped, setTimeout(400, 'waiting')])).toBe('waiting');
  expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await session.end();
  expect(await stopped).toBe('stopped');
});

test('serve waits for a command that holds the server, then starts its own', async () => {
  const command = await bench.start('command');
  const serving = bench.start('owner');
  await setTimeout(200);
  await command.stop();
  expect((await serving).owned).toBe(true);
  expect(await answers((await serving).url)).toBe(true);
});

test('serve gives up on a command that does not end', async () => {
  await bench.start('command');
  const { message, remedy } = await bench.refused('owner', { patience: 200 });
  expect(message).toContain(`held by a regain command (process ${process.pid}`);
  expect(remedy).toContain('Wait for that process');
});

test('after kill -9 of the owner, the server lives on; the next owner adopts and stops it', async () => {
  const killed = await bench.startElsewhere('owner');
  await query(killed.url, 'CREATE TABLE before_the_kill (n int)');
  const postmaster = await postmasterOf(bench.directory);
  await killed.kill();
  expect(await answers(killed.url)).toBe(true);

  const adopted = await bench.start('owner');
  expect(bench.lines.join()).toContain(
    `adopted the embedded PostgreSQL that was still running (process ${postmaster})`,
  );
  expect(await postmasterOf(bench.directory)).toBe(postmaster);
  expect(adopted).toMatchObject({ owned: true, url: killed.url });
  expect(await query(adopted.url, `SELECT to_regclass('before_the_kill')::text AS found`)).toEqual([
    { found: 'before_the_kill' },
  ]);
  await adopted.stop();
  expect(await answers(adopted.url)).toBe(false);
});

test('a command attaches to a server whose owner was killed, and leaves it running', async () => {
  const killed = await bench.startElsewhere('owner');
  await killed.kill();
  const command = await bench.start('command');
  expect(command.owned).toBe(false);
  await command.stop();
  expect(await answers(killed.url)).toBe(true);
  await bench.start('owner'); // takes it over, so that it ends with this test
});

test('an owner in another process that ends normally leaves nothing to adopt', async () => {
  const other = await bench.startElsewhere('owner');
  expect((await bench.refused('owner')).message).toContain('in use by another');
  await other.end();
  await bench.start('owner');
  expect(bench.lines).toEqual([]);
});
