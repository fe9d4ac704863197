import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  PATIENCE,
  type ServerProcess,
  startServerProcess,
  workplace,
  type Workplace,
} from '../support/server-process.js';
import { linesOf, PAT, type Ran, regainHereIn } from './regain.js';

/* Contains and lifts many accounts beside a running server, and checks the result through its API. */
let place: Workplace;
let server: ServerProcess;
let token = '';

beforeAll(async () => {
  place = await workplace();
  server = await startServerProcess(place);
  await server.untilPrinted(PAT);
  token = PAT.exec(server.stdout)![0];
}, 2 * PATIENCE);
afterAll(async () => {
  await server?.end();
  await place?.clear();
}, 2 * PATIENCE);

const LONG = { timeout: 4 * PATIENCE };
const PEOPLE = 400;
const run = (...args: string[]): Promise<Ran> => regainHereIn(place, ...args);

interface Row {
  row: number;
  result: string;
  id: string;
  recovery_link?: string;
}
const rowsOf = ({ stdout }: Ran): Row[] => linesOf(stdout).map((line) => JSON.parse(line) as Row);
const resultsOf = (ran: Ran): string[] => [...new Set(rowsOf(ran).map(({ result }) => result))];

const admin = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (await (await fetch(`${place.adminUrl}${path}`, { ...init, headers })).json()) as T;
};
const contained = async (): Promise<number> =>
  (await admin<unknown[]>('/admin/identities?contained=true&page_size=1000')).length;

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(place.directory, name);
  await writeFile(path, lines.join('\n'));
  return path;
}

test('contain and lift process each account once, however often they run', LONG, async () => {
  const emails = Array.from({ length: PEOPLE }, (_, n) => `person-${n}@example.com`);
  const bodies = emails.map((email) => JSON.stringify({ schema_id: 'person', traits: { email } }));
  const imported = rowsOf(await run('identities', 'import', await file('people', bodies), '--format', 'json'));
  const why = ['--reason', 'passwords leaked', '--format', 'json'];

  // simulates an interrupted run: half of the accounts are done
  const half = await file('half', emails.slice(0, PEOPLE / 2));
  expect((await run('recovery', 'contain', '--file', half, ...why)).code).toBe(0);
  expect(await contained()).toBe(PEOPLE / 2);

  const all = await file('all', emails);
  const nobody = await file('nobody', []);
  const starting = performance.now();
  expect((await run('recovery', 'lift', '--file', nobody, ...why)).code).toBe(0);
  const start = (performance.now() - starting) / 1000;
  const began = performance.now();
  const second = await run('recovery', 'contain', '--file', all, ...why);
  const seconds = (performance.now() - began) / 1000;
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(/accounts: 400 of 400\n200 unchanged, 200 contained\n$/);
  const fresh = rowsOf(second).filter(({ result }) => result === 'contained');
  expect(fresh.map(({ row }) => row)).toEqual(Array.from({ length: PEOPLE / 2 }, (_, n) => PEOPLE / 2 + n + 1));
  expect(new Set(fresh.map(({ recovery_link }) => recovery_link)).size).toBe(PEOPLE / 2);
  expect(await contained()).toBe(PEOPLE);

  const third = await run('recovery', 'contain', '--file', all, ...why);
  expect([third.code, resultsOf(third)]).toEqual([0, ['unchanged']]);
  const { id } = imported[0]!;
  const grants = await run('recovery', 'grants', '--identity', id, '--format', 'json');
  expect(JSON.parse(grants.stdout)).toHaveLength(1);

  const liftBegan = performance.now();
  const lifted = await run(
    'recovery',
    'lift',
    '--file',
    await file(
      'lift',
      imported.map((row) => JSON.stringify(row)),
    ),
    ...why,
  );
  const liftSeconds = (performance.now() - liftBegan) / 1000;
  expect([lifted.code, resultsOf(lifted), await contained()]).toEqual([0, ['lifted'], 0]);
  const again = await run('recovery', 'lift', '--file', all, ...why);
  expect([again.code, resultsOf(again)]).toEqual([0, ['unchanged']]);

  const events = await run('audit', '--target', id, '--format', 'json');
  const acts = linesOf(events.stdout)
    .flatMap((line) => JSON.parse(line) as { action: string; actor_type: string; reason: string }[])
    .filter(({ action }) => /contain/.test(action));
  expect(acts).toMatchObject([
    { action: 'identity.containment_lifted', actor_type: 'operator', reason: 'passwords leaked' },
    { action: 'identity.contained', actor_type: 'operator', reason: 'passwords leaked' },
  ]);
  const rate = (accounts: number, took: number): number => Math.round(accounts / (took - start));
  // Half of the rows of the second run were skipped.
  const rates = { contain: rate(PEOPLE / 2, seconds), lift: rate(PEOPLE, liftSeconds) };
  process.stdout.write(`accounts a second: ${JSON.stringify(rates)}, the start: ${start.toFixed(1)} s\n`);
});

test('recovery link --contain --reset, and recovery cancel', LONG, async () => {
  const row = JSON.stringify({ schema_id: 'person', traits: { email: 'one@example.com' } });
  const [{ id }] = rowsOf(await run('identities', 'import', await file('one', [row]), '--format', 'json')) as [Row];
  const why = ['--reason', 'at the desk', '--format', 'json'];
  const link = await run('recovery', 'link', id, '--contain', 'keep_mail', '--reset', 'oidc', 'totp', ...why);
  expect([link.code, link.stderr]).toEqual([0, '']);
  expect(await admin(`/admin/identities/${id}`)).toMatchObject({ containment: { mode: 'keep_mail' } });
  expect((await run('recovery', 'link', id, ...why, '--contain')).code).toBe(0);
  expect(await admin(`/admin/identities/${id}`)).toMatchObject({ containment: { mode: 'all' } });
  const none = await run('recovery', 'cancel', 'one@example.com', ...why);
  expect([none.code, JSON.parse(none.stdout)]).toEqual([0, { id, cancelled: false }]);
});

test('wrong usage is reported before anything happens', LONG, async () => {
  for (const [exit, args] of [
    [2, ['contain', '--file', join(place.directory, 'nowhere'), '--reason', 'x']],
    [2, ['contain', '--reason', 'x']],
    [2, ['lift', '--file', 'x']],
    [2, ['link', 'one@example.com', '--reason', 'x', '--contain', 'everything']],
    [2, ['link', 'one@example.com', '--reason', 'x', '--reset', 'nothing']],
    [1, ['cancel', 'nobody@example.com', '--reason', 'x']],
  ] as const) {
    const { code, stdout, stderr } = await run('recovery', ...args);
    expect([args, code, stdout]).toEqual([args, exit, '']);
    expect(stderr).not.toBe('');
  }
});
