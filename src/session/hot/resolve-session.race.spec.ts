import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SelfServiceConfig } from '../../config/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { sessionDatabase, type SessionDatabase } from '../../../test/support/session-database.js';
import { newSessionToken } from '../session.token.js';
import { ResolveSession } from './resolve-session.js';

let database: SessionDatabase;
let resolve: ResolveSession;

beforeAll(async () => {
  database = await sessionDatabase();
  resolve = new ResolveSession(database.db, new SelfServiceConfig());
});
afterAll(() => database?.stop());

interface Given {
  identityId?: string;
  active?: boolean;
  expiresIn?: string;
  issued?: string;
  authenticated?: string;
}

async function session(given: Given = {}): Promise<{ id: string; token: string; identityId: string }> {
  const { active = true, expiresIn = '1 hour', issued = '0', authenticated = '0' } = given;
  const identityId = given.identityId ?? (await database.person());
  const [id, token] = [randomUUID(), newSessionToken(new Random())];
  await database.rows(
    `INSERT INTO session (id, token_digest, identity_id, methods, active, origin, issued_at, authenticated_at, expires_at)
     VALUES ($1, $2, $3, '[{"method":"password","aal":"aal1","completed_at":"2026-01-01T00:00:00Z"}]', $4, 'login',
       clock_timestamp() - $5::interval, clock_timestamp() - $6::interval, clock_timestamp() + $7::interval)`,
    [id, digest(token), identityId, active, issued, authenticated, expiresIn],
  );
  return { id, token, identityId };
}

test('a live session comes back with its person, addresses and devices', async () => {
  const { id, token, identityId } = await session();
  await database.rows(
    `INSERT INTO session_device (id, session_id, ip_address, user_agent) VALUES ($1, $2, '192.0.2.1', 'curl')`,
    [randomUUID(), id],
  );

  const found = await resolve.run(token);
  expect(found).toMatchObject({
    id,
    active: true,
    aal: 'aal1',
    origin: 'login',
    grantId: null,
    privileged: true,
    methods: [{ method: 'password', aal: 'aal1', completed_at: '2026-01-01T00:00:00Z' }],
    identity: { id: identityId, schemaId: 'person', recoveryAddresses: [{ value: `${identityId}@example.com` }] },
    devices: [{ ipAddress: '192.0.2.1', userAgent: 'curl', location: '' }],
  });
  expect(found?.expiresAt).toBeInstanceOf(Date);
  expect(found?.identity.createdAt).toBeInstanceOf(Date);
});

test('a session without devices has an empty list of them', async () => {
  expect((await resolve.run((await session()).token))?.devices).toEqual([]);
});

test.each([
  ['has ended', { active: false }],
  ['has expired', { expiresIn: '-1 second' }],
])('a session that %s is not found', async (_, given) => {
  expect(await resolve.run((await session(given)).token)).toBeUndefined();
});

test('a session of an inactive identity is not found', async () => {
  const { token } = await session({ identityId: await database.person('inactive') });
  expect(await resolve.run(token)).toBeUndefined();
});

test('a session from before the last deactivation stays dead after reactivation', async () => {
  const { token, identityId } = await session({ issued: '1 minute' });
  await database.rows(
    `UPDATE identity SET sessions_valid_from = clock_timestamp() - interval '30 seconds' WHERE id = $1`,
    [identityId],
  );
  expect(await resolve.run(token)).toBeUndefined();

  const later = await session({ identityId });
  expect((await resolve.run(later.token))?.id).toBe(later.id);
});

test('the database decides the privileged window', async () => {
  const inside = await session({ authenticated: '59 minutes' });
  const outside = await session({ authenticated: '61 minutes' });
  expect((await resolve.run(inside.token))?.privileged).toBe(true);
  expect((await resolve.run(outside.token))?.privileged).toBe(false);
});

test.each([
  '',
  'ory_st_',
  'ory_st_nope',
  `ory_st_${'a'.repeat(33)}`,
  `ory_pat_${'a'.repeat(32)}`,
  `ory_st_${'a'.repeat(32)}`,
])('the token %j matches no session', async (token) => {
  expect(await resolve.run(token)).toBeUndefined();
});

test('the statement finds its rows by index', async () => {
  const plans = await database.rows<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT s.id FROM session s JOIN identity i ON i.id = s.identity_id WHERE s.token_digest = '\\x00'`,
  );
  expect(plans.map((plan) => plan['QUERY PLAN']).join('\n')).toContain('session_token_digest_unique');
});
