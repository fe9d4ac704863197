import bcrypt from 'bcrypt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { KratosImportObserver } from '../../src/kratos-import/index.js';
import { move, type Move } from './kratos-import.support.js';

/*
 * Each run that may write records its start before it writes, and at its end how much it wrote, whatever that end was.
 */
const HASH = bcrypt.hashSync('correct horse', 8);
const PEOPLE = 30;

let world: Move;
beforeAll(async () => {
  world = await move();
});
afterAll(() => world.stop());
beforeEach(() => world.kratos.addMany(PEOPLE, HASH));
afterEach(() => world.reset());

const run = (observer?: KratosImportObserver) => world.run({ batchSize: 10 }, observer);
const at = (phase: 'plan' | 'write' | 'verify', done: number, act: () => Promise<unknown>): KratosImportObserver => ({
  progress: async (now, count) => {
    if (now === phase && count === done) await act();
  },
});

/** Events about the runs, oldest first, without the network that all of them name. */
async function events(): Promise<string[]> {
  const rows = await world.app.sql<{ text: string }>(
    `SELECT concat_ws(' | ', actor_type, action, outcome, reason) AS text FROM audit_event
     WHERE target_type = 'kratos_import' AND target_id IN (SELECT id::text FROM kratos_import) ORDER BY at`,
  );
  return rows.map(({ text }) => text.replace(` from network ${world.kratos.network}`, ''));
}
const BEGUN = 'operator | kratos_import.begun | success | import';
const DONE = 'operator | identities.imported_from_kratos | success | ';
const failed = (identities: number): string =>
  `operator | kratos_import.failed | refused | ${identities} identities and 0 sessions; aborted`;

test('as planned: the start is recorded before anything is read, and the counts at the end', async () => {
  const before: string[] = [];
  const { written } = await run(at('plan', 10, async () => before.push(...(await events()))));
  expect(before).toEqual([BEGUN]);
  expect(await events()).toEqual([BEGUN, `${DONE}30 identities and 0 sessions; 30 of 30 verified`]);
  expect(await world.app.sql('SELECT id, state, identities FROM kratos_import')).toEqual([
    { id: written?.run, state: 'ended', identities: PEOPLE },
  ]);
});

test('no address in any of them', async () => {
  await run();
  const [{ text } = { text: '' }] = await world.app.sql<{ text: string }>(
    `SELECT string_agg(to_jsonb(e)::text, ' ') AS text FROM audit_event e WHERE target_type = 'kratos_import'`,
  );
  expect(text).toContain('kratos_import.begun');
  expect(text).not.toContain('@');
});

test('interrupted between two batches: what was committed is recorded', async () => {
  await expect(run(at('write', 20, () => Promise.reject(new Error('gone'))))).rejects.toThrow('gone');
  expect(await world.count('identity')).toBe(20);
  expect(await events()).toEqual([BEGUN, failed(20)]);
});

test('source lost during verification: all that was written is recorded', async () => {
  const end = () =>
    world.kratos.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'regain import kratos' AND datname = current_database()`,
    );
  await expect(run(at('verify', 10, end))).rejects.toMatchObject({ status: 503 });
  expect(await world.count('identity')).toBe(PEOPLE);
  expect(await events()).toEqual([BEGUN, failed(PEOPLE)]);
});

test('written, but the sides differ: no success', async () => {
  const { result } = await run(at('verify', 0, () => world.app.sql(`UPDATE identity SET state = 'inactive'`)));
  expect(result).toBe('different');
  expect(await events()).toEqual([
    BEGUN,
    'operator | kratos_import.different | refused | 30 identities and 0 sessions; 0 of 30 verified',
  ]);
});

test('nothing was written because a decision is needed', async () => {
  await world.kratos.addWithHash('guarded@example.com', HASH, {
    credentials: [['totp', { totp_url: 'otpauth://totp/x' }, ['x']]],
  });
  await world.kratos.addWithHash('other@example.com', HASH, { schema: 'customer' });
  expect((await run()).result).toBe('undecided');
  expect(await events()).toEqual([
    BEGUN,
    'operator | kratos_import.undecided | refused | 0 identities and 0 sessions; open decisions: unknown_schemas, loss of totp',
  ]);
});

test('a dry run and an unknown network start nothing', async () => {
  const count = () => world.count(`audit_event WHERE target_type = 'kratos_import'`);
  const before = await count();
  await world.run({ dryRun: true });
  await world.run({ network: '00000000-0000-4000-8000-000000000000' });
  expect(await count()).toBe(before);
});

test('killed: the next run finds it and records how far it came, without an actor', async () => {
  const killed = '11111111-1111-4111-8111-111111111111';
  await world.app.sql(
    `INSERT INTO kratos_import (id, network_id, state, identities, sessions) VALUES ($1, $2, 'running', 7, 3)`,
    [killed, world.kratos.network],
  );
  const { written } = await run();
  expect(await events()).toEqual([
    `system | kratos_import.failed | refused | 7 identities and 3 sessions; killed or lost its database, found by run ${written?.run}`,
    BEGUN,
    `${DONE}30 identities and 0 sessions; 30 of 30 verified`,
  ]);
  expect(await world.app.sql('SELECT state FROM kratos_import WHERE id = $1', [killed])).toEqual([{ state: 'broken' }]);
});

test('a run ended by another process does not record success', async () => {
  const lost = run(at('verify', PEOPLE, () => world.app.sql(`UPDATE kratos_import SET state = 'broken'`)));
  await expect(lost).rejects.toMatchObject({ status: 409, reason: expect.stringContaining('lost its lock') });
  expect(await events()).toEqual([BEGUN]);
});

test('a run does not start if its event cannot be written', async () => {
  await world.app.sql(
    `ALTER TABLE audit_event ADD CONSTRAINT none_begins CHECK (action <> 'kratos_import.begun') NOT VALID`,
  );
  try {
    await expect(run()).rejects.toMatchObject({ status: 500 });
  } finally {
    await world.app.sql('ALTER TABLE audit_event DROP CONSTRAINT none_begins');
  }
  expect([await world.count('kratos_import'), await world.count('identity')]).toEqual([0, 0]);
});
