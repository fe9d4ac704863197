import bcrypt from 'bcrypt';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectMoved, found, move, type Move } from './kratos-import.support.js';

let world: Move;
beforeAll(async () => {
  world = await move();
});
afterAll(() => world.stop());
afterEach(() => world.reset());

const HASH = bcrypt.hashSync('correct horse', 8);
const whoami = (token: string | null) =>
  world.app
    .publicAgent()
    .get('/sessions/whoami')
    .set('x-session-token', token ?? '');

test('a live token keeps working; an ended or unusable one stays behind', async () => {
  const id = await world.kratos.addWithHash('app@example.com', HASH);
  const out = await world.kratos.addWithHash('out@example.com', HASH, { state: 'inactive' });
  const live = await world.kratos.signIn(id, { methods: [{ method: 'password' }, { method: 'oidc', aal: 'aal1' }] });
  const ended = await world.kratos.signIn(id, { active: false });
  const expired = await world.kratos.signIn(id, { expiresIn: -1 });
  const old = await world.kratos.signIn(id, { token: 'eVwBt7UAAAAVwBt7XAMweVwBt7UAAAAV' });
  const nameless = await world.kratos.signIn(id, { token: null });
  const inactive = await world.kratos.signIn(out);

  const outcome = await world.run({ withSessions: true });
  expectMoved(outcome, 2);
  expect(outcome.written?.sessions).toBe(1);
  expect(outcome.verification?.sessions).toEqual({ expected: 1, equal: 1 });
  expect(found(outcome, 'session_not_brought')).toEqual([{ detail: '', count: 2, ids: [id] }]);

  const { body } = await whoami(live.token).expect(200);
  expect(body).toMatchObject({
    id: live.id,
    active: true,
    identity: { id },
    devices: [{ ip_address: '203.0.113.7:4711', user_agent: 'Phone/1.0', location: 'Bern, CH' }],
    authentication_methods: [
      { method: 'password', aal: 'aal1' },
      { method: 'oidc', aal: 'aal1' },
    ],
  });
  for (const { token } of [ended, expired, old, inactive]) await whoami(token).expect(401);
  expect(nameless.token).toBeNull();
  const rows = await world.app.sql<{ origin: string; digest: string }>(
    `SELECT origin, encode(token_digest, 'escape') AS digest FROM session`,
  );
  expect(rows).toEqual([{ origin: 'import', digest: expect.not.stringContaining('ory_st_') }]);
});

test('sessions are imported only on request', async () => {
  const id = await world.kratos.addWithHash('app@example.com', HASH);
  const live = await world.kratos.signIn(id);
  expectMoved(await world.run(), 1);
  await whoami(live.token).expect(401);
});

test('an existing identity gets no sessions: they may have been ended since', async () => {
  const id = await world.kratos.addWithHash('app@example.com', HASH);
  const live = await world.kratos.signIn(id);
  await world.run({ withSessions: true });
  await world.app.sql('DELETE FROM session');
  const again = await world.run({ withSessions: true });
  expectMoved(again, 0);
  expect(found(again, 'session_of_earlier_identity')).toEqual([{ detail: '', count: 1, ids: [id] }]);
  await whoami(live.token).expect(401);
});
