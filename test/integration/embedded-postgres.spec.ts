import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answers, Bench, postmasterOf, query } from '../support/embedded-postgres.js';

vi.setConfig({ testTimeout: 60_000 }); // each test sets up its own databases, perhaps on a busy machine

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.make();
});
afterEach(async () => {
  await bench.clear();
});

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('the embedded database of serve', () => {
  test('is UTF-8, belongs to an unprivileged role, and keeps its data between starts', async () => {
    const first = await bench.start('owner', { durable: true });
    expect(first).toMatchObject({ owned: true, directory: bench.directory });
    const [row] = await query(
      first.url,
      `SELECT length('é') AS length, current_user AS role, rolsuper, rolcreatedb, rolcreaterole,
              current_setting('listen_addresses') AS addresses, current_setting('fsync') AS fsync
         FROM pg_roles WHERE rolname = current_user`,
    );
    expect(row).toEqual({
      length: 1,
      role: 'regain',
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      addresses: '',
      fsync: 'on',
    });
    await query(first.url, 'CREATE TABLE kept (n int)');
    await query(first.url, 'INSERT INTO kept VALUES (7)');
    await first.stop();
    expect(await answers(first.url)).toBe(false);
    expect(existsSync(join(bench.directory, 'owner.json'))).toBe(false);

    const second = await bench.start('owner');
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(bench.lines).toEqual([]);
  });

  test('rejects a wrong password, keeps all files private, and leads its own process group', async () => {
    const { url } = await bench.start('owner');
    await expect(query(url.replace(/:[0-9a-f]{48}@/, ':password@'), 'SELECT 1')).rejects.toMatchObject({
      code: '28P01',
    });
    expect(await modeOf(bench.directory)).toBe('700');
    expect(await modeOf(join(bench.directory, 'postgres'))).toBe('700');
    for (const file of ['owner.json', 'cluster.json', 'postgres.log']) {
      expect([file, await modeOf(join(bench.directory, file))]).toEqual([file, '600']);
    }
    expect((await readdir(bench.directory)).sort()).toEqual([
      '.s.PGSQL.5432',
      '.s.PGSQL.5432.lock',
      'cluster.json',
      'owner.json',
      'postgres',
      'postgres.log',
    ]);
    if (process.platform === 'linux') {
      const pid = await postmasterOf(bench.directory);
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
      expect(Number(fields[2])).toBe(pid); // its own process group, so that Ctrl-C in our terminal does not reach it
      // only the listed variables of our environment
      const names = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').map((entry) => entry.split('=')[0]);
      expect(names.filter((name) => name !== '').sort()).toEqual(['LC_ALL', 'PATH', 'TZ']);
    }
  });

  test('logs neither failed statements nor their values', async () => {
    const { url } = await bench.start('owner');
    await query(url, 'CREATE TABLE secretive (word text UNIQUE)');
    await query(url, `INSERT INTO secretive VALUES ('hush')`);
    await expect(query(url, `INSERT INTO secretive VALUES ('hush')`)).rejects.toMatchObject({ code: '23505' });
    expect(await readFile(join(bench.directory, 'postgres.log'), 'utf8')).not.toContain('hush');
  });

  test("its URL works as MikroORM's clientUrl", async () => {
    const { url } = await bench.start('owner');
    const orm = new MikroORM(defineConfig({ clientUrl: url, entities: [], discovery: { warnWhenNoEntities: false } }));
    try {
      expect(await orm.em.getConnection().execute('SELECT current_database() AS name')).toEqual([{ name: 'regain' }]);
    } finally {
      await orm.close(true);
    }
  });

  test('reports when the server ends unexpectedly, and stop still succeeds', async () => {
    const database = await bench.start('owner');
    process.kill(await postmasterOf(bench.directory), 'SIGQUIT'); // the server of this very test
    await expect.poll(() => bench.lines.join()).toContain('ended unexpectedly');
    await database.stop();
    expect(existsSync(join(bench.directory, 'owner.json'))).toBe(false);
    const next = await bench.start('owner');
    expect(await answers(next.url)).toBe(true);
  });
});

describe('a temporary database', () => {
  test('does not wait for the disk and is gone after stop', async () => {
    const database = await bench.start('temporary');
    const [row] = await query(
      database.url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous,
              current_setting('full_page_writes') AS pages`,
    );
    expect(row).toEqual({ fsync: 'off', synchronous: 'off', pages: 'off' });
    expect(await modeOf(database.directory)).toBe('700');
    expect(existsSync(bench.directory)).toBe(false); // it creates its own
    await Promise.all([database.stop(), database.stop()]);
    expect(existsSync(database.directory)).toBe(false);
    expect(await answers(database.url)).toBe(false);
  });

  test('several at once do not disturb each other', async () => {
    const [one, two] = await Promise.all([bench.start('temporary'), bench.start('temporary')]);
    await query(one.url, 'CREATE TABLE only_here (n int)');
    expect(await query(two.url, `SELECT to_regclass('only_here') AS found`)).toEqual([{ found: null }]);
  });

  test("a killed process's server and directory are removed at the next start", async () => {
    const killed = await bench.startElsewhere('temporary');
    const alive = await bench.start('temporary');
    await killed.kill();
    expect(await answers(killed.url)).toBe(true);
    await bench.start('temporary');
    expect(await answers(killed.url)).toBe(false);
    expect(existsSync(killed.directory)).toBe(false);
    expect(await answers(alive.url)).toBe(true);
  });
});
