import { afterAll, beforeAll, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { person, signIn, signInBrowser } from '../support/sign-in.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app?.stop());

const whoami = () => app.publicAgent().get('/sessions/whoami');

test('the session, by header, bearer and cookie', async () => {
  const anna = await person(app, { metadata_public: { plan: 'pro' }, metadata_admin: { secret: true } });
  const token = await signIn(app, anna);

  const byHeader = await whoami().set('x-session-token', token);
  expect(byHeader.status).toBe(200);
  expect(byHeader.headers['x-kratos-authenticated-identity-id']).toBe(anna.id);
  expect(byHeader.headers['set-cookie']).toBeUndefined();
  expect(byHeader.headers['cache-control']).toContain('no-store');
  expect(byHeader.body).toMatchObject({
    active: true,
    authenticator_assurance_level: 'aal1',
    authentication_methods: [{ method: 'password', aal: 'aal1' }],
    identity: { id: anna.id, metadata_public: { plan: 'pro' }, traits: { email: anna.email } },
    devices: [{ ip_address: '127.0.0.1', location: '' }],
  });
  expect(byHeader.body.identity).not.toHaveProperty('metadata_admin');
  expect(byHeader.body.identity).not.toHaveProperty('credentials');

  expect((await whoami().set('authorization', `Bearer ${token}`)).body).toEqual(byHeader.body);
  const agent = await signInBrowser(app, anna);
  const byCookie = await agent.get('/sessions/whoami');
  expect(byCookie.body.identity).toEqual(byHeader.body.identity);
  expect(byCookie.body.id).not.toBe(byHeader.body.id);
});

test.each([
  ['nothing', {}],
  ['a wrong token', { 'x-session-token': 'ory_st_nope' }],
  ['an unknown token', { 'x-session-token': `ory_st_${'a'.repeat(32)}` }],
  ['a wrong cookie', { cookie: 'ory_kratos_session=nope' }],
  ['a personal access token', { authorization: `Bearer ory_pat_${'a'.repeat(32)}` }],
])('%s is not signed in', async (_, headers) => {
  const answer = await whoami().set(headers as Record<string, string>);
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual({
    error: {
      code: 401,
      status: 'Unauthorized',
      reason: 'No valid session credentials found in the request.',
      message: 'The request could not be authorized',
    },
  });
});

test('deactivation ends sessions for good', async () => {
  const anna = await person(app);
  const token = await signIn(app, anna);
  const identities = app.get(IdentityService);

  await identities.setState(anna.id, 'inactive');
  expect((await whoami().set('x-session-token', token)).status).toBe(401);
  await identities.setState(anna.id, 'active');
  expect((await whoami().set('x-session-token', token)).status).toBe(401);
  expect((await whoami().set('x-session-token', await signIn(app, anna))).status).toBe(200);
});

test('others are signed out, the own session stays', async () => {
  const anna = await person(app);
  const [own, other] = [await signIn(app, anna), await signIn(app, anna)];
  const ben = await signIn(app, await person(app));
  const { id } = (await whoami().set('x-session-token', own)).body as { id: string };

  expect(await app.get(SessionService).endOthers(anna.id, id)).toBe(1);
  const states = await Promise.all(
    [own, other, ben].map(async (token) => (await whoami().set('x-session-token', token)).status),
  );
  expect(states).toEqual([200, 401, 200]);
});

test('a session ends once, and an inactive identity gets none', async () => {
  const anna = await person(app);
  const sessions = app.get(SessionService);
  const { view } = await sessions.issue({ identityId: anna.id, methods: ['password'], origin: 'import' });
  expect([await sessions.revoke(view.id), await sessions.revoke(view.id)]).toEqual([true, false]);

  await app.get(IdentityService).setState(anna.id, 'inactive');
  const refused = sessions.issue({ identityId: anna.id, methods: ['password'], origin: 'import' });
  await expect(refused).rejects.toMatchObject({ status: 401, id: 'session_inactive' });
});
