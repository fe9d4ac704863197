import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RegainConfig, SelfServiceConfig, SessionConfig } from '../../../config/index.js';
import { Clock } from '../../../platform/clock/index.js';
import { CurrentRequest } from '../../../platform/http/index.js';
import { digest } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import { newSessionToken } from '../../../session/index.js';
import { ResolveSession } from '../../../session/hot/resolve-session.js';
import { sessionDatabase, type SessionDatabase } from '../../../../test/support/session-database.js';
import { LoginFlows } from '../persistence/login-flows.js';
import { CompleteLogin } from './complete-login.js';

let database: SessionDatabase;
let flows: LoginFlows;
let complete: CompleteLogin;
let resolve: ResolveSession;
const current = new CurrentRequest();

beforeAll(async () => {
  database = await sessionDatabase();
  flows = new LoginFlows(database.db, new Random());
  complete = completing(new SelfServiceConfig());
  resolve = new ResolveSession(database.db, new SelfServiceConfig());
});
afterAll(() => database?.stop());

const completing = (selfservice: SelfServiceConfig, regain = new RegainConfig()) =>
  new CompleteLogin(database.db, new Random(), new Clock(), current, new SessionConfig(), selfservice, regain);

async function flow(lifespanSeconds = 600): Promise<string> {
  const { id } = await flows.insert({
    type: 'api',
    requestUrl: 'http://127.0.0.1:4433/self-service/login/api',
    returnTo: null,
    refresh: false,
    identityId: null,
    csrfDigest: null,
    messages: [],
    lifespanSeconds,
  });
  return id;
}

type Given = Omit<Parameters<CompleteLogin['run']>[0], 'accessEpoch'>;
/** The new session's token; the proof was checked in the initial epoch. */
const tokenOf = async (statement: CompleteLogin, given: Given) =>
  (await statement.run({ accessEpoch: 0, ...given })).token;

const login = (flowId: string, identityId: string, confirms?: string) =>
  tokenOf(complete, { flowId, identityId, method: 'password', confirms });

test('a completed flow is over, and leaves a session, its device and an event', async () => {
  const [flowId, identityId] = [await flow(), await database.person()];
  const token = await current.run({ requestId: 'r-1', network: '192.0.2.9', userAgent: 'Safari' }, () =>
    login(flowId, identityId),
  );

  const session = await resolve.run(token!);
  expect(session).toMatchObject({ origin: 'login', privileged: true, identity: { id: identityId } });
  expect(session?.devices).toMatchObject([{ ipAddress: '192.0.2.9', userAgent: 'Safari' }]);
  expect(await flows.find(flowId)).toMatchObject({ over: true, state: 'passed_challenge', activeMethod: 'password' });
  expect(
    await database.rows(
      'SELECT action, outcome, actor_type, actor_id, target_type, request_id, detail FROM audit_event WHERE target_id = $1',
      [identityId],
    ),
  ).toEqual([
    {
      action: 'session.login',
      outcome: 'success',
      actor_type: 'session',
      actor_id: session?.id,
      target_type: 'identity',
      request_id: 'r-1',
      detail: { method: 'password' },
    },
  ]);
});

const detailsOf = (identityId: string) =>
  database.rows('SELECT action, detail FROM audit_event WHERE target_id = $1 ORDER BY action, at', [identityId]);

test('the event names the provider, like the session', async () => {
  const [flowId, identityId] = [await flow(), await database.person()];
  const token = await tokenOf(complete, { flowId, identityId, method: 'oidc', provider: 'acme', confirms: undefined });
  expect((await resolve.run(token!))?.methods).toMatchObject([{ method: 'oidc', provider: 'acme' }]);
  expect(await detailsOf(identityId)).toEqual([
    { action: 'session.login', detail: { method: 'oidc', provider: 'acme' } },
  ]);
});

test('one flow, sixteen submissions, one session', async () => {
  for (let round = 0; round < 5; round++) {
    const [flowId, identityId] = [await flow(), await database.person()];
    const tokens = await Promise.all(Array.from({ length: 16 }, () => login(flowId, identityId)));
    expect(tokens.filter((token) => token !== undefined)).toHaveLength(1);
    expect(await database.rows('SELECT id FROM session WHERE identity_id = $1', [identityId])).toHaveLength(1);
  }
});

test('an expired flow opens nothing', async () => {
  const identityId = await database.person();
  expect(await login(await flow(-1), identityId)).toBeUndefined();
  expect(await database.rows('SELECT id FROM session WHERE identity_id = $1', [identityId])).toEqual([]);
});

test('an inactive identity gets nothing, and the flow stays open', async () => {
  const flowId = await flow();
  expect(await login(flowId, await database.person('inactive'))).toBeUndefined();
  expect((await flows.find(flowId))?.over).toBe(false);
});

test('a confirmation keeps the session’s id and device, adds a method, and ends the old token', async () => {
  const identityId = await database.person();
  const old = (await login(await flow(), identityId))!;
  const before = (await resolve.run(old))!;
  await database.rows(`UPDATE session SET authenticated_at = clock_timestamp() - interval '2 hours' WHERE id = $1`, [
    before.id,
  ]);
  expect((await resolve.run(old))?.privileged).toBe(false);

  const fresh = (await login(await flow(), identityId, before.id))!;
  const after = (await resolve.run(fresh))!;
  expect(after).toMatchObject({ id: before.id, privileged: true, issuedAt: before.issuedAt, devices: before.devices });
  expect(after.methods.map(({ method }) => method)).toEqual(['password', 'password']);
  expect(await resolve.run(old)).toBeUndefined();
});

test.each([
  ['has ended', 'UPDATE session SET active = false WHERE id = $1'],
  ['has expired', `UPDATE session SET expires_at = clock_timestamp() WHERE id = $1`],
])('a session that %s cannot be revived by a confirmation', async (_, end) => {
  const identityId = await database.person();
  const { id } = (await resolve.run((await login(await flow(), identityId))!))!;
  await database.rows(end, [id]);
  expect(await login(await flow(), identityId, id)).toBeUndefined();
});

test('a confirmation cannot take over another person’s session', async () => {
  const victim = (await login(await flow(), await database.person()))!;
  const { id } = (await resolve.run(victim))!;
  expect(await login(await flow(), await database.person(), id)).toBeUndefined();
  expect((await resolve.run(victim))?.id).toBe(id);
});

test('a flow that was completed meanwhile cannot be refused', async () => {
  const flowId = await flow();
  await login(flowId, await database.person());
  expect(await flows.refuse(flowId, { messages: [{ id: 4000006 }] })).toBeUndefined();
});

describe('with revoke_active_sessions', () => {
  const hooked = new SelfServiceConfig();
  Reflect.set(hooked.flows.login.after, 'hooks', [{ hook: 'revoke_active_sessions' }]);
  const alone = (flowId: string, identityId: string, confirms?: string) =>
    tokenOf(completing(hooked), { flowId, identityId, method: 'password', confirms });

  /** Locks the identity, calls `begin`, and commits a session from another login before releasing the lock. */
  async function overtaken<T>(identityId: string, begin: () => Promise<T>): Promise<{ result: T; other: string }> {
    const [holder, overtaker] = [await database.pool.connect(), new Random()];
    const other = newSessionToken(overtaker);
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT FROM identity WHERE id = $1 FOR SHARE', [identityId]);
      const result = begin();
      await waitsForLock();
      await holder.query(
        `INSERT INTO session (id, token_digest, identity_id, methods, origin, issued_at, authenticated_at, expires_at)
         VALUES ($1, $2, $3, '[]', 'login', clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '1 hour')`,
        [overtaker.uuid(), digest(other), identityId],
      );
      await holder.query('COMMIT');
      return { result: await result, other };
    } finally {
      holder.release();
    }
  }

  test('a session that commits while the login waits ends too', async () => {
    const [flowId, identityId] = [await flow(), await database.person()];
    const { result, other } = await overtaken(identityId, () => alone(flowId, identityId));
    expect((await resolve.run(result!))?.identity.id).toBe(identityId);
    expect(await resolve.run(other)).toBeUndefined();
  });

  test('also while a session is being confirmed', async () => {
    const identityId = await database.person();
    const mine = (await resolve.run((await login(await flow(), identityId))!))!;
    const flowId = await flow();
    const { result, other } = await overtaken(identityId, () => alone(flowId, identityId, mine.id));
    expect((await resolve.run(result!))?.id).toBe(mine.id);
    expect(await resolve.run(other)).toBeUndefined();
  });

  test('a session that another login ended cannot be revived by a confirmation', async () => {
    const identityId = await database.person();
    const mine = (await resolve.run((await login(await flow(), identityId))!))!;
    await alone(await flow(), identityId);
    await database.rows('UPDATE session SET active = true WHERE id = $1', [mine.id]);
    expect(await alone(await flow(), identityId, mine.id)).toBeUndefined();
  });

  test('both events are written, each with its own details', async () => {
    const identityId = await database.person();
    await login(await flow(), identityId);
    await tokenOf(completing(hooked), {
      flowId: await flow(),
      identityId,
      method: 'oidc',
      provider: 'acme',
      confirms: undefined,
    });
    expect(await detailsOf(identityId)).toEqual([
      { action: 'session.login', detail: { method: 'password' } },
      { action: 'session.login', detail: { method: 'oidc', provider: 'acme' } },
      { action: 'session.others_revoked', detail: null },
    ]);
  });

  test('of sixteen concurrent logins one session is left, without a deadlock', async () => {
    const identityId = await database.person();
    const flowIds = await Promise.all(Array.from({ length: 16 }, () => flow()));
    const tokens = await Promise.all(flowIds.map((flowId) => alone(flowId, identityId)));
    const live = await Promise.all(tokens.map((token) => resolve.run(token!)));
    expect(live.filter((session) => session !== undefined)).toHaveLength(1);
  });
});

async function waitsForLock(): Promise<void> {
  for (;;) {
    const waiting = await database.rows(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if (waiting.length > 0) return;
    await new Promise((done) => setTimeout(done, 10));
  }
}

test('an identity with a second factor gets nothing with its password alone, unless configured', async () => {
  const identityId = await database.person();
  await database.rows(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [identityId]);
  const flowId = await flow();
  expect(await login(flowId, identityId)).toBeUndefined();
  const lenient = new RegainConfig();
  Reflect.set(lenient.recovery, 'second_factor', 'ignore');
  const token = await tokenOf(completing(new SelfServiceConfig(), lenient), {
    flowId,
    identityId,
    method: 'password',
    confirms: undefined,
  });
  expect((await resolve.run(token!))?.identity.id).toBe(identityId);
});
