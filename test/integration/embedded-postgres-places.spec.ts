import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Binaries, locateBinaries } from '../../src/platform/embedded-postgres/binaries.js';
import { answers, Bench, postmasterOf, query } from '../support/embedded-postgres.js';

vi.setConfig({ testTimeout: 60_000 }); // each test sets up its own databases, perhaps on a busy machine

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.make();
});
afterEach(async () => {
  await bench.clear();
});

const isRoot = process.getuid?.() === 0;
const hostOf = (url: string): string => decodeURIComponent(new URL(url).hostname);

describe('a path that is too long for a socket', () => {
  const long = (): string => join(bench.place, 'l'.repeat(60), 'o'.repeat(60), 'data');

  test('puts the socket in a short directory, for commands too, and removes it at the end', async () => {
    const serving = await bench.start('owner', {}, long());
    const socket = hostOf(serving.url);
    expect(socket.startsWith(bench.place)).toBe(false);
    expect((await stat(socket)).mode & 0o777).toBe(0o700);
    expect(await answers(serving.url)).toBe(true);
    expect((await bench.start('command', {}, long())).url).toBe(serving.url);
    await serving.stop();
    expect(existsSync(socket)).toBe(false);
  });

  test('without a short directory, uses loopback on a free port', async () => {
    const serving = await bench.start('owner', { socketPlaces: [] }, long());
    expect(hostOf(serving.url)).toBe('127.0.0.1');
    expect(await query(serving.url, `SELECT current_setting('listen_addresses') AS addresses`)).toEqual([
      { addresses: '127.0.0.1' },
    ]);
    expect((await bench.start('command', {}, long())).url).toBe(serving.url);
    await serving.stop();
    expect(await answers(serving.url)).toBe(false);
  });
});

/** Programs in a directory that only we can enter, as below a home directory of mode 0700. */
async function closedPrograms(): Promise<Binaries> {
  const { root, version } = locateBinaries();
  const closed = join(bench.place, 'closed');
  await mkdir(closed, { mode: 0o700 });
  await cp(root, join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
  return { root: join(closed, 'native'), version };
}

describe("programs that the server's user cannot reach", () => {
  test('root copies them once; any other user runs them in place', async () => {
    const binaries = await closedPrograms();
    const places = join(bench.place, 'copies');
    const machine = { binaries: () => binaries, copyPlaces: [places] };
    const first = await bench.start('owner', machine);
    expect(await answers(first.url)).toBe(true);
    await first.stop();
    if (!isRoot) {
      expect(bench.lines).toEqual([]);
      expect(existsSync(places)).toBe(false);
      return;
    }
    const copy = join(places, `regain-postgresql-${binaries.version}`);
    expect(bench.lines).toEqual([expect.stringContaining(`using a copy in ${copy}`)]);
    expect(await readdir(places)).toHaveLength(1);
    const made = await stat(copy);
    expect([made.uid, made.mode & 0o777]).toEqual([0, 0o755]);
    await bench.start('owner', machine);
    expect((await stat(copy)).ctimeMs).toBe(made.ctimeMs);
  });

  /**
   * It was once not removed and its server kept running, because its user could not reach the programs used to stop it.
   */
  test('a temporary database of a killed process is still removed', async () => {
    const binaries = await closedPrograms();
    const machine = { binaries: () => binaries, copyPlaces: [join(bench.place, 'copies')] };
    const killed = await bench.startElsewhere('temporary');
    await killed.kill();
    expect(await answers(killed.url)).toBe(true);
    await bench.start('temporary', machine);
    expect(await answers(killed.url)).toBe(false);
    expect(existsSync(killed.directory)).toBe(false);
  });

  test('a copy that others can write to is not trusted', async () => {
    const binaries = await closedPrograms();
    const [open, own] = [join(bench.place, 'open'), join(bench.place, 'own')];
    const planted = join(open, `regain-postgresql-${binaries.version}`);
    await mkdir(join(planted, 'bin'), { recursive: true });
    await chmod(planted, 0o777);
    await bench.start('owner', { binaries: () => binaries, copyPlaces: [open, own] });
    expect(bench.lines.filter((line) => line.includes('a copy in'))).toEqual(
      isRoot ? [expect.stringContaining(own)] : [],
    );
  });

  test('without a usable place, root is told what to do', async () => {
    const binaries = await closedPrograms();
    const machine = { binaries: () => binaries, copyPlaces: [] };
    if (!isRoot) return expect((await bench.start('owner', machine)).owned).toBe(true);
    const { message, remedy } = await bench.refused('owner', machine);
    expect(message).toContain(`who can reach neither ${binaries.root} nor a copy`);
    expect(remedy).toContain('chmod o+x');
    expect(existsSync(bench.directory)).toBe(false);
  });
});

describe("a directory that the server's user cannot reach", () => {
  const closed = (): string => join(bench.place, 'closed', 'data');

  test('root puts the data elsewhere and remembers where; any other user uses the directory', async () => {
    await mkdir(join(bench.place, 'closed'), { mode: 0o700 });
    const elsewhere = join(bench.place, 'elsewhere');
    const machine = { dataPlaces: [elsewhere] };
    const first = await bench.start('owner', machine, closed());
    await query(first.url, 'CREATE TABLE kept (n int)');
    const home = isRoot ? join(elsewhere, (await readdir(elsewhere))[0]!) : closed();
    expect(hostOf(first.url)).toBe(home);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect(bench.lines).toEqual(isRoot ? [expect.stringContaining(`its data is in ${home}`)] : []);
    expect(existsSync(join(closed(), 'postgres'))).toBe(!isRoot);
    expect((await bench.start('command', machine, closed())).url).toBe(first.url);
    await first.stop();
    const second = await bench.start('owner', machine, closed());
    expect(await query(second.url, `SELECT to_regclass('kept')::text AS found`)).toEqual([{ found: 'kept' }]);
  });

  test('without another usable place, root is told what to do', async () => {
    await mkdir(join(bench.place, 'closed'), { mode: 0o700 });
    const machine = { dataPlaces: [] };
    if (!isRoot) return expect((await bench.start('owner', machine, closed())).owned).toBe(true);
    const { message, remedy } = await bench.refused('owner', machine, closed());
    expect(message).toContain(`who can reach neither ${closed()}`);
    expect(remedy).toContain('regain.embedded.data_dir');
    expect(await readdir(join(bench.place, 'closed'))).toEqual([]);
  });
});

test('the server never runs as root', async () => {
  await bench.start('owner');
  const uid = (await stat(join(bench.directory, 'postgres'))).uid;
  expect(uid).not.toBe(0);
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${await postmasterOf(bench.directory)}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\t${uid}\t${uid}\t${uid}\t${uid}$`, 'm'));
    if (isRoot) expect(status).toMatch(/^Groups:\s*\d*\s*$/m); // none of root's groups
  }
});
