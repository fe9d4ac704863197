import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../../platform/random/index.js';
import { sessionDatabase, type SessionDatabase } from '../../../../test/support/session-database.js';
import { BeginAttempt } from './begin-attempt.js';
import { ConsumeAttempt } from './consume-attempt.js';

let database: SessionDatabase;
let begin: BeginAttempt;
let consume: ConsumeAttempt;
const random = new Random();

beforeAll(async () => {
  database = await sessionDatabase();
  begin = new BeginAttempt(database.db, random);
  consume = new ConsumeAttempt(database.db);
});
afterAll(() => database?.stop());

async function attempt() {
  const given = { state: random.base62(32), browser: random.base62(32), provider: 'acme' };
  const target = { kind: 'settings', flowId: randomUUID(), sessionId: randomUUID() } as const;
  await begin.run({ ...given, keyId: '0badc0de', pkce: true, target });
  return { given, target };
}

test('of 32 concurrent requests, one gets the attempt, in each of 10 rounds', async () => {
  for (let round = 0; round < 10; round++) {
    const { given, target } = await attempt();
    const answers = await Promise.all(Array.from({ length: 32 }, () => consume.run(given)));
    expect(answers.filter((answer) => answer !== undefined)).toEqual([
      { keyId: '0badc0de', pkce: true, since: expect.any(String), target },
    ]);
  }
});

test.each([
  ['another browser', { browser: 'x'.repeat(32) }],
  ['another provider', { provider: 'evil' }],
  ['another state', { state: 'x'.repeat(32) }],
])('%s gets nothing and uses nothing up', async (_, wrong) => {
  const { given, target } = await attempt();
  expect(await consume.run({ ...given, ...wrong })).toBeUndefined();
  expect((await consume.run(given))?.target).toEqual(target);
});

test('an expired attempt is not found', async () => {
  const { given } = await attempt();
  await database.rows(`UPDATE social_sign_in_state SET expires_at = clock_timestamp() - interval '1 millisecond'`);
  expect(await consume.run(given)).toBeUndefined();
});

/** The update waits for the row, and the time when it continues counts. */
test('an attempt that expires during the wait is not found', async () => {
  const { given } = await attempt();
  const other = await database.pool.connect();
  try {
    await other.query('BEGIN');
    await other.query(`UPDATE social_sign_in_state SET expires_at = clock_timestamp() + interval '300 milliseconds'`);
    const waiting = consume.run(given);
    await new Promise((done) => setTimeout(done, 600));
    await other.query('COMMIT');
    expect(await waiting).toBeUndefined();
  } finally {
    other.release();
  }
});

test('the statement finds its row by index', async () => {
  const plans = await database.rows<{ 'QUERY PLAN': string }>(
    `EXPLAIN UPDATE social_sign_in_state SET used_at = now() WHERE digest = '\\x00' AND used_at IS NULL`,
  );
  expect(plans.map((plan) => plan['QUERY PLAN']).join('\n')).toContain('social_sign_in_state_digest_unique');
});
