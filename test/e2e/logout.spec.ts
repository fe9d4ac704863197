import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { person, signIn, signInBrowser } from '../support/sign-in.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    config: {
      selfservice: {
        allowed_return_urls: ['https://app.example.com/inside'],
        flows: { logout: { after: { default_browser_return_url: 'https://app.example.com/goodbye' } } },
      },
    },
  });
});
afterAll(() => app?.stop());

type Agent = ReturnType<TestApp['publicAgent']>;
const json = { accept: 'application/json' };
const init = async (agent: Agent, query = '') =>
  (await agent.get(`/self-service/logout/browser${query}`).set(json)).body as {
    logout_url: string;
    logout_token: string;
  };
const whoami = async (agent: Agent) => (await agent.get('/sessions/whoami')).status;
const path = (url: string) => url.slice(app.publicUrl.length);

test('a browser signs out: the session ends, the cookie is cleared, CSRF starts anew', async () => {
  const anna = await person(app);
  const agent = await signInBrowser(app, anna);
  const { logout_url, logout_token } = await init(agent);
  expect(logout_token).toMatch(/^ory_lo_[0-9a-f]{64}$/);
  expect(logout_url).toBe(`${app.publicUrl}/self-service/logout?token=${logout_token}`);

  const answer = await agent.get(path(logout_url)).set('accept', 'text/html');
  expect(answer.status).toBe(303);
  expect(answer.headers['location']).toBe('https://app.example.com/goodbye');
  const cookies = [answer.headers['set-cookie']].flat() as string[];
  expect(cookies).toContainEqual(
    expect.stringMatching(/^ory_kratos_session=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax$/),
  );
  expect(cookies).toContainEqual(expect.stringMatching(/^csrf_token_[0-9a-f]{64}=[\w-]{43};/));
  expect(
    await app.sql(`SELECT actor_type, outcome FROM audit_event WHERE action = 'session.logout' AND target_id = $1`, [
      anna.id,
    ]),
  ).toEqual([{ actor_type: 'session', outcome: 'success' }]);
});

test('the session is dead on the server, not just forgotten by the browser', async () => {
  const agent = await signInBrowser(app, await person(app));
  const { logout_url } = await init(agent);
  const kept = (await agent.get(path(logout_url)).set(json)).status;
  expect(kept).toBe(204);
  expect(await whoami(agent)).toBe(401);
  const rows = await app.sql(
    'SELECT id FROM session WHERE active AND identity_id IN (SELECT identity_id FROM session WHERE NOT active)',
  );
  expect(rows).toEqual([]);
});

test('neither another session’s token nor a missing one signs out', async () => {
  const [anna, ben] = [await signInBrowser(app, await person(app)), await signInBrowser(app, await person(app))];
  const { logout_token } = await init(ben);
  for (const token of [logout_token, 'nope', `ory_lo_${'0'.repeat(64)}`]) {
    const answer = await anna.get(`/self-service/logout?token=${token}`).set(json);
    expect(answer.status).toBe(403);
    expect(answer.body.error.reason).toBe(
      'Unable to log out because the logout token in the URL query does not match the session cookie.',
    );
  }
  const missing = await anna.get('/self-service/logout').set(json);
  expect([missing.status, missing.body.error.reason]).toEqual([400, 'Please include a token in the URL query.']);
  expect(await whoami(anna)).toBe(200);
});

test('without a session there is nothing to sign out of', async () => {
  for (const url of ['/self-service/logout/browser', '/self-service/logout?token=x']) {
    const answer = await app.publicAgent().get(url).set(json);
    expect(answer.status).toBe(401);
    expect(answer.body.error).toMatchObject({
      id: 'session_inactive',
      reason: 'No active session was found in this request.',
    });
  }
});

test('return_to is part of the logout URL, if it is allowed', async () => {
  const agent = await signInBrowser(app, await person(app));
  const { logout_url } = await init(agent, `?return_to=${encodeURIComponent('https://app.example.com/inside/x')}`);
  const answer = await agent.get(path(logout_url)).set('accept', 'text/html');
  expect(answer.headers['location']).toBe('https://app.example.com/inside/x');
});

const EVIL = `return_to=${encodeURIComponent('https://evil.example.net/')}`;

test('a forbidden return_to creates no logout URL', async () => {
  const agent = await signInBrowser(app, await person(app));
  const answer = await agent.get(`/self-service/logout/browser?${EVIL}`).set(json);
  expect([answer.status, answer.body.error.id]).toEqual([400, 'self_service_flow_return_to_forbidden']);
  expect((await app.publicAgent().get(`/self-service/logout/browser?${EVIL}`).set(json)).status).toBe(401);
  expect(await whoami(agent)).toBe(200);
});

test.each([
  ['application/json', 400],
  ['text/html', 303],
])('a forbidden return_to signs out anyway, and then says so (%s)', async (accept, status) => {
  const anna = await person(app);
  const agent = await signInBrowser(app, anna);
  const { logout_token } = await init(agent);
  const answer = await agent.get(`/self-service/logout?token=${logout_token}&${EVIL}`).set({ accept });
  expect(answer.status).toBe(status);
  if (status === 303) expect(answer.headers['location']).toContain('/ui/error?id=');
  else expect(answer.body.error.id).toBe('self_service_flow_return_to_forbidden');
  expect(([answer.headers['set-cookie']].flat() as string[]).map((line) => line.split('=')[0])).toEqual([
    expect.stringMatching(/^csrf_token_/),
    'ory_kratos_session',
  ]);
  expect(await app.sql('SELECT active FROM session WHERE identity_id = $1', [anna.id])).toEqual([{ active: false }]);
});

test('a native client signs out by token, as often as it likes', async () => {
  const anna = await person(app);
  const token = await signIn(app, anna);
  const logout = (body: object) => app.publicAgent().delete('/self-service/logout/api').send(body);

  for (const status of [204, 204]) expect((await logout({ session_token: token })).status).toBe(status);
  expect((await app.publicAgent().get('/sessions/whoami').set('x-session-token', token)).status).toBe(401);
  expect(
    await app.sql(`SELECT 1 FROM audit_event WHERE action = 'session.logout' AND target_id = $1`, [anna.id]),
  ).toHaveLength(1);

  for (const body of [{ session_token: 'ory_st_nope' }, { session_token: `ory_st_${'a'.repeat(32)}` }, {}]) {
    const answer = await logout(body);
    expect(answer.status).toBe(403);
    expect(answer.body.error.reason).toBe(
      'The provided Ory Session Token could not be found, is invalid, or otherwise malformed.',
    );
  }
  expect((await logout({ session_token: { $ne: 1 } })).status).toBe(400);
});
