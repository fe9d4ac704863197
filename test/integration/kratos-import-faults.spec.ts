import bcrypt from 'bcrypt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import type { KratosImportObserver } from '../../src/kratos-import/index.js';
import { expectMoved, found, move, type Move } from './kratos-import.support.js';

const HASH = bcrypt.hashSync('correct horse', 8);
const PEOPLE = 50;

let world: Move;
beforeAll(async () => {
  world = await move();
});
afterAll(() => world.stop());
beforeEach(() => world.kratos.addMany(PEOPLE, HASH));
afterEach(() => world.reset());

/** Calls `act` once, when the phase has reached `done`. */
function at(phase: 'plan' | 'write' | 'verify', done: number, act: () => Promise<unknown>): KratosImportObserver {
  return {
    progress: async (now, count) => {
      if (now === phase && count === done) await act();
    },
  };
}
const batchSize = 10;
const run = (observer?: KratosImportObserver) => world.run({ batchSize }, observer);

test('interrupted between two batches: what was written is complete, and the next run imports the rest', async () => {
  const broken = run(at('write', 20, () => Promise.reject(new Error('gone'))));
  await expect(broken).rejects.toThrow('gone');
  expect(await world.count('identity')).toBe(20);
  expect(await world.count('credential_identifier')).toBe(20);
  expect(await world.count('verifiable_address')).toBe(20);
  const again = await run();
  expectMoved(again, PEOPLE - 20);
  expect(again.plan.identities).toEqual({ fresh: 30, earlier: 20, different: 0 });
  expect(await world.count('identity')).toBe(PEOPLE);
  expect(await world.app.sql('SELECT state, identities FROM kratos_import ORDER BY started_at')).toEqual([
    { state: 'broken', identities: 20 },
    { state: 'ended', identities: 30 },
  ]);
  expectMoved(await run(), 0);
});

test('two at once: the second is refused, the first continues', async () => {
  const refused: unknown[] = [];
  const first = await run(at('write', 10, () => run().catch((error: unknown) => refused.push(error))));
  expectMoved(first, PEOPLE);
  expect(refused).toEqual([expect.objectContaining({ status: 409, reason: expect.stringContaining('is running') })]);
});

test('a run that lost its lock to another one stops at the next batch', async () => {
  const broken = run(at('write', 10, () => world.app.sql(`UPDATE kratos_import SET state = 'broken'`)));
  await expect(broken).rejects.toMatchObject({ reason: expect.stringContaining('lost its lock') });
  expect(await world.count('identity')).toBe(10);
});

test('changes in the source during the import are not seen', async () => {
  const outcome = await run(
    at('write', 0, async () => {
      await world.kratos.sql(`UPDATE identities SET traits = '{"email": "changed@example.com"}', state = 'inactive'`);
      await world.kratos.sql(`DELETE FROM identity_verifiable_addresses`);
      await world.kratos.addMany(5, HASH, 'later');
    }),
  );
  expectMoved(outcome, PEOPLE);
  expect(await world.app.sql(`SELECT DISTINCT state FROM identity`)).toEqual([{ state: 'active' }]);
  expect(await world.count('verifiable_address')).toBe(PEOPLE);
  expect(await world.app.sql(`SELECT 1 FROM identity WHERE traits->>'email' = 'changed@example.com'`)).toEqual([]);
});

test('source lost: reported without its address, and the next run continues', async () => {
  const end = () =>
    world.kratos.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'regain import kratos' AND datname = current_database()`,
    );
  const error = await run(at('write', 10, end)).then(
    () => undefined,
    (thrown: unknown) => thrown as { status: number; reason: string },
  );
  expect(error).toMatchObject({ status: 503, reason: expect.stringContaining('run the command again') });
  expect(error?.reason).not.toContain('postgres');
  expect(await world.count('identity')).toBe(10);
  expectMoved(await run(), PEOPLE - 10);
});

test('an identifier taken between planning and writing is reported; its batch is not written', async () => {
  const [taken] = await world.kratos.sql<{ id: string; email: string }>(
    `SELECT id, traits->>'email' AS email FROM identities ORDER BY id OFFSET 15 LIMIT 1`,
  );
  const signUp = () => world.app.get(IdentityService).create({ traits: { email: taken!.email } });
  await expect(run(at('write', 10, signUp))).rejects.toMatchObject({ reason: expect.stringContaining('was taken') });
  expect(await world.count('identity')).toBe(11);
  const undecided = await run();
  expect(undecided.result).toBe('undecided');
  expect(found(undecided, 'collision').map(({ detail, ids }) => [detail, ...ids])).toEqual([
    ['identifier', taken!.id],
    ['recovery address', taken!.id],
    ['verifiable address', taken!.id],
  ]);
});

test('the verification finds each difference and names the part', async () => {
  const [a, b, c, d] = await world.kratos.sql<{ id: string }>('SELECT id FROM identities ORDER BY id LIMIT 4');
  const [first, second, third, fourth] = [a!.id, b!.id, c!.id, d!.id];
  const outcome = await run(
    at('verify', 0, async () => {
      await world.app.sql('UPDATE verifiable_address SET verified = false WHERE identity_id = $1', [first]);
      await world.app.sql('DELETE FROM identity WHERE id = $1', [second]);
      await world.app.sql(
        `UPDATE identity_credential SET config = jsonb_build_object('hashed_password', $2::text) WHERE identity_id = $1`,
        [third, bcrypt.hashSync('another', 8)],
      );
      await world.app.sql(`UPDATE identity SET traits = traits || '{"x": 1}' WHERE id = $1`, [fourth]);
    }),
  );
  expect(outcome.result).toBe('different');
  expect(outcome.verification).toMatchObject({
    compared: PEOPLE,
    equal: PEOPLE - 4,
    missing: [second],
    different: [
      { id: first, parts: ['verifiable_addresses'] },
      { id: third, parts: ['credentials'] },
      { id: fourth, parts: ['traits'] },
    ],
  });
  expect(outcome.verification?.digests.source).not.toBe(outcome.verification?.digests.target);
});

test('a session that differs counts as a difference too', async () => {
  const [person] = await world.kratos.sql<{ id: string }>('SELECT id FROM identities LIMIT 1');
  await world.kratos.signIn(person!.id);
  const outcome = await world.run(
    { withSessions: true },
    at('verify', 0, () => world.app.sql(`UPDATE session SET expires_at = expires_at + interval '1 hour'`)),
  );
  expect(outcome).toMatchObject({ result: 'different', verification: { sessions: { expected: 1, equal: 0 } } });
});

test('one connection is not enough', async () => {
  const small = await move({ regain: { database: { pool: 1 } } });
  await small.kratos.add();
  await expect(small.run()).rejects.toMatchObject({ reason: expect.stringContaining('regain.database.pool') });
  await small.stop();
});
