import { afterAll, beforeAll, expect, test } from 'vitest';
import { SelfServiceConfig, SessionConfig } from '../../config/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { sessionDatabase, type SessionDatabase } from '../../../test/support/session-database.js';
import { IssueSession } from './issue-session.js';
import { ResolveSession } from './resolve-session.js';

let database: SessionDatabase;
let issue: IssueSession;
let resolve: ResolveSession;
const current = new CurrentRequest();

beforeAll(async () => {
  database = await sessionDatabase();
  issue = new IssueSession(database.db, new Random(), current, new SessionConfig());
  resolve = new ResolveSession(database.db, new SelfServiceConfig());
});
afterAll(() => database?.stop());

const password = (identityId: string) => ({ identityId, methods: ['password'], origin: 'login' }) as const;

test('an issued session is live for the configured time and records its device', async () => {
  const identityId = await database.person();
  const token = await current.run({ requestId: 'r', network: '192.0.2.7', userAgent: 'Firefox' }, () =>
    issue.run(password(identityId)),
  );
  expect(token).toMatch(/^ory_st_[0-9A-Za-z]{32}$/);

  const session = await resolve.run(token!);
  expect(session?.identity.id).toBe(identityId);
  expect(session?.methods).toEqual([
    { method: 'password', aal: 'aal1', completed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) },
  ]);
  expect(session?.devices).toMatchObject([{ ipAddress: '192.0.2.7', userAgent: 'Firefox' }]);
  expect(session!.expiresAt.getTime() - session!.issuedAt.getTime()).toBe(24 * 3600 * 1000);
  expect(session?.authenticatedAt).toEqual(session?.issuedAt);
});

test('the token itself is not stored anywhere', async () => {
  const token = (await issue.run(password(await database.person())))!;
  const found = await database.rows(`SELECT 1 FROM session WHERE session::text LIKE '%' || $1 || '%'`, [
    token.slice(7),
  ]);
  expect(found).toEqual([]);
});

test('only the replaced session ends', async () => {
  const identityId = await database.person();
  const [old, other] = [(await issue.run(password(identityId)))!, (await issue.run(password(identityId)))!];
  const oldId = (await resolve.run(old))!.id;
  const fresh = (await issue.run({ ...password(identityId), replaces: oldId }))!;

  expect(await resolve.run(old)).toBeUndefined();
  expect((await resolve.run(other))?.identity.id).toBe(identityId);
  expect((await resolve.run(fresh))?.id).not.toBe(oldId);
});

test('an inactive or unknown identity gets no session', async () => {
  expect(await issue.run(password(await database.person('inactive')))).toBeUndefined();
  expect(await issue.run(password('b0000000-0000-4000-8000-00000000000b'))).toBeUndefined();
});

/** Without the lock, a session issued before the deactivation commits would come back to life with the reactivation. */
test('a session cannot slip past a concurrent deactivation', async () => {
  const identityId = await database.person();
  const other = await database.pool.connect();
  try {
    await other.query('BEGIN');
    await other.query(`UPDATE identity SET state = 'inactive', sessions_valid_from = clock_timestamp() WHERE id = $1`, [
      identityId,
    ]);
    const issued = issue.run(password(identityId));
    await waitsForLock();
    await other.query('COMMIT');
    expect(await issued).toBeUndefined();
  } finally {
    other.release();
  }
  await database.rows(`UPDATE identity SET state = 'active' WHERE id = $1`, [identityId]);
  expect(await database.rows('SELECT id FROM session WHERE identity_id = $1', [identityId])).toEqual([]);
});

test('many concurrent callers each get their own', async () => {
  const identityId = await database.person();
  const tokens = await Promise.all(Array.from({ length: 16 }, () => issue.run(password(identityId))));
  const sessions = await Promise.all(tokens.map((token) => resolve.run(token!)));
  expect(new Set(sessions.map((session) => session?.id)).size).toBe(16);
});

async function waitsForLock(): Promise<void> {
  for (;;) {
    const waiting = await database.rows(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    if (waiting.length > 0) return;
    await new Promise((done) => setTimeout(done, 10));
  }
}
