import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SecretsConfig } from '../../../config/index.js';
import { digest } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import { newSessionToken } from '../../../session/index.js';
import { sessionDatabase, type SessionDatabase } from '../../../../test/support/session-database.js';
import type { Submission } from '../flow/change-by-owner.js';
import { Continuation } from './continuation.js';

const FORM = { method: 'password', password: 'CANARY pass phrase', csrf_token: 'token' };
const BROWSER = 'b'.repeat(32);

let database: SessionDatabase;
let continuation: Continuation;
beforeAll(async () => {
  database = await sessionDatabase();
  const secrets = Object.assign(new SecretsConfig(), { cipher: ['secret-one'] });
  continuation = new Continuation(database.db, secrets, new Random());
});
afterAll(() => database?.stop());

async function submission(): Promise<Submission> {
  const [identityId, sessionId, flowId] = [await database.person(), randomUUID(), randomUUID()];
  await database.rows(
    `INSERT INTO session (id, token_digest, identity_id, methods, origin, expires_at)
     VALUES ($1, $2, $3, '[]', 'login', clock_timestamp() + interval '1 hour')`,
    [sessionId, digest(newSessionToken(new Random())), identityId],
  );
  await database.rows(
    `INSERT INTO settings_flow (id, type, identity_id, request_url, expires_at)
     VALUES ($1, 'browser', $2, 'http://127.0.0.1/', clock_timestamp() + interval '1 hour')`,
    [flowId, identityId],
  );
  return { flow: { id: flowId, identityId } as Submission['flow'], sessionId };
}

const { csrf_token: _, ...KEPT } = FORM;

test('of 16 concurrent requests, one gets the form, in each of 5 rounds; the newest form counts', async () => {
  for (let round = 0; round < 5; round++) {
    const mine = await submission();
    await continuation.keep(mine, { method: 'profile' }, BROWSER);
    await continuation.keep(mine, FORM, BROWSER);
    const taken = await Promise.all(Array.from({ length: 16 }, () => continuation.take(mine, BROWSER)));
    expect(taken.filter((form) => form !== undefined)).toEqual([KEPT]);
  }
});

test('no other session, browser or flow can take it, and it stays available to its own', async () => {
  const [mine, other] = [await submission(), await submission()];
  await continuation.keep(mine, FORM, BROWSER);
  expect(await continuation.take({ ...mine, sessionId: other.sessionId }, BROWSER)).toBeUndefined();
  expect(await continuation.take({ ...mine, flow: other.flow }, BROWSER)).toBeUndefined();
  expect(
    await continuation.take(
      { flow: { ...mine.flow, identityId: other.flow.identityId }, sessionId: mine.sessionId },
      BROWSER,
    ),
  ).toBeUndefined();
  expect(await continuation.take(mine, 'x'.repeat(32))).toBeUndefined();
  expect(await continuation.take(mine, BROWSER)).toEqual(KEPT);
});

test('a kept form cannot be read from the database or for another session', async () => {
  const [mine, other] = [await submission(), await submission()];
  await continuation.keep(mine, FORM, BROWSER);
  const rows = await database.rows(
    `SELECT encode(sealed, 'escape') AS sealed, settings_continuation::text FROM settings_continuation`,
  );
  expect(JSON.stringify(rows)).not.toContain('CANARY');
  await database.rows('UPDATE settings_continuation SET session_id = $2 WHERE flow_id = $1', [
    mine.flow.id,
    other.sessionId,
  ]);
  expect(await continuation.take({ ...mine, sessionId: other.sessionId }, BROWSER)).toBeUndefined();
});

test('a form that was kept too long is gone, and is deleted when the next one is kept', async () => {
  const [mine, other] = [await submission(), await submission()];
  await continuation.keep(mine, FORM, BROWSER);
  await database.rows(`UPDATE settings_continuation SET expires_at = clock_timestamp() WHERE flow_id = $1`, [
    mine.flow.id,
  ]);
  expect(await continuation.take(mine, BROWSER)).toBeUndefined();
  await continuation.keep(other, FORM, BROWSER);
  expect(await database.rows('SELECT 1 FROM settings_continuation WHERE flow_id = $1', [mine.flow.id])).toEqual([]);
});

test('a form that is too long is not kept', async () => {
  const mine = await submission();
  await continuation.keep(mine, { ...FORM, more: 'x'.repeat(20_000) }, BROWSER);
  expect(await continuation.take(mine, BROWSER)).toBeUndefined();
});
