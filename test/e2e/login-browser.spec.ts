import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  begin,
  config,
  cookies,
  credentials,
  expire,
  L,
  messages,
  native,
  post,
  send,
  type LoginFlow,
} from '../support/login-steps.js';
import { field, person, signIn, signInBrowser } from '../support/sign-in.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ config });
});
afterAll(() => app?.stop());

type Agent = ReturnType<TestApp['publicAgent']>;

describe('a browser', () => {
  test('signs in: session cookie, a new CSRF seed, then where it wanted to go', async () => {
    const agent = app.publicAgent();
    const flow = await begin(agent, '?return_to=https%3A%2F%2Fapp.example.com%2Finside%2Fx');
    const answer = await post(agent, flow, credentials(await person(app))).expect(303);
    expect(answer.headers['location']).toBe('https://app.example.com/inside/x');
    expect(cookies(answer)).toEqual([
      expect.stringMatching(/^csrf_token_[0-9a-f]{64}=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(
        /^ory_kratos_session=ory_st_[0-9A-Za-z]{32}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/,
      ),
      expect.stringMatching(/^regain_device=[\w.-]+; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/),
    ]);
    await agent.get('/sessions/whoami').expect(200);
  });

  test('as a single page app gets the session and where to go, and no readable token', async () => {
    const agent = app.publicAgent();
    const flow = await begin(agent);
    const form = { csrf_token: field(flow, 'csrf_token'), ...credentials(await person(app)) };
    const { body } = await agent.post(`${L}?flow=${flow.id}`).set('accept', 'application/json').send(form).expect(200);
    expect(body).not.toHaveProperty('session_token');
    expect(body.continue_with).toEqual([
      { action: 'redirect_browser_to', redirect_browser_to: 'https://app.example.com/welcome' },
    ]);
    await agent.get('/sessions/whoami').expect(200);
  });

  test('is redirected to the form that shows the errors', async () => {
    const agent = app.publicAgent();
    const flow = await begin(agent);
    const answer = await post(agent, flow, credentials(await person(app), 'wrong')).expect(303);
    expect(answer.headers['location']).toBe(`https://ui.example.com/login?flow=${flow.id}`);
    expect(messages((await agent.get(`${L}/flows?id=${flow.id}`).expect(200)).body as LoginFlow)).toEqual([4000006]);
  });

  test('needs its CSRF token and its cookie', async () => {
    const [agent, other] = [app.publicAgent(), app.publicAgent()];
    const [flow, foreign] = [await begin(agent), await begin(other)];
    const anna = await person(app);
    const submit = (from: Agent, token?: string) =>
      from
        .post(`${L}?flow=${flow.id}`)
        .set('accept', 'application/json')
        .send({ ...credentials(anna), csrf_token: token });
    for (const attempt of [
      submit(agent),
      submit(agent, field(foreign, 'csrf_token')),
      submit(other, field(foreign, 'csrf_token')),
      submit(app.publicAgent(), field(flow, 'csrf_token')),
    ]) {
      expect((await attempt.expect(403)).body.error.id).toBe('security_csrf_violation');
    }
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [anna.id])).toEqual([]);
    await submit(agent, field(flow, 'csrf_token')).expect(200);
  });

  test('with an expired form is redirected to a new one', async () => {
    const agent = app.publicAgent();
    const flow = await begin(agent, '?return_to=https%3A%2F%2Fapp.example.com%2Finside');
    await expire(app, flow);
    const anna = await person(app);
    const location = (await post(agent, flow, credentials(anna)).expect(303)).headers['location']!;
    const next = (await agent.get(`${L}/flows?id=${new URL(location).searchParams.get('flow')}`).expect(200))
      .body as LoginFlow;
    expect(next.id).not.toBe(flow.id);
    expect(messages(next)).toEqual([4010001]);
    const done = await post(agent, next, credentials(anna)).expect(303);
    expect(done.headers['location']).toBe('https://app.example.com/inside');
  });

  test('signed in already is sent on without a form', async () => {
    const agent = app.publicAgent();
    const early = await begin(agent);
    const anna = await person(app);
    await signInBrowser(app, anna, agent);
    expect((await agent.get(`${L}/browser`).set('accept', 'application/json').expect(400)).body.error.id).toBe(
      'session_already_available',
    );
    const again = await agent
      .get(`${L}/browser?return_to=https%3A%2F%2Fapp.example.com%2Finside`)
      .set('accept', 'text/html')
      .expect(303);
    expect(again.headers['location']).toBe('https://app.example.com/inside');
    const late = await post(agent, early, credentials(await person(app))).expect(303);
    expect(late.headers['location']).toBe('https://app.example.com/welcome');
    expect(cookies(late)).toEqual([]);
    expect((await agent.get('/sessions/whoami').expect(200)).body.identity.id).toBe(anna.id);
  });

  test('never keeps a session token that it sent (fixation)', async () => {
    const fixed = await signIn(app, await person(app));
    await app.sql('UPDATE session SET active = false');
    const agent = app.publicAgent();
    agent.jar.setCookie(`ory_kratos_session=${fixed}`, '127.0.0.1', '/');
    await signInBrowser(app, await person(app), agent);
    await agent.get('/sessions/whoami').expect(200);
    await native(app).get('/sessions/whoami').set('x-session-token', fixed).expect(401);
  });
});

describe('confirming who one is', () => {
  const age = (id: string) =>
    app.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`, [id]);

  test('shows whose session it is, and renews it', async () => {
    const anna = await person(app);
    const agent = await signInBrowser(app, anna);
    const before = (await agent.get('/sessions/whoami').expect(200)).body;
    await age(anna.id);

    const flow = await begin(agent, '?refresh=true');
    expect(flow).toMatchObject({ refresh: true, ui: { messages: [{ id: 1010003, type: 'info' }] } });
    expect(flow.ui.nodes.map(({ attributes: { name, value } }) => [name, value]).slice(1)).toEqual([
      ['identifier', anna.email],
      ['password', undefined],
      ['method', 'password'],
    ]);
    await post(agent, flow, credentials(anna)).expect(303);
    const after = (await agent.get('/sessions/whoami').expect(200)).body;
    expect(after.id).toBe(before.id);
    expect(Date.parse(after.authenticated_at as string)).toBeGreaterThanOrEqual(
      Date.parse(before.authenticated_at as string),
    );
    expect(after.authentication_methods).toHaveLength(2);
  });

  test('a native client’s old token ends', async () => {
    const anna = await person(app);
    const old = await signIn(app, anna);
    const { body: flow } = await native(app).get(`${L}/api?refresh=true`).set('x-session-token', old).expect(200);
    const { body } = await send(app, flow as LoginFlow, credentials(anna))
      .set('x-session-token', old)
      .expect(200);
    expect(body.session_token).not.toBe(old);
    await native(app).get('/sessions/whoami').set('x-session-token', old).expect(401);
    await native(app)
      .get('/sessions/whoami')
      .set('x-session-token', body.session_token as string)
      .expect(200);
  });

  test('another person’s password does not confirm', async () => {
    const [anna, ben] = [await person(app), await person(app)];
    const agent = await signInBrowser(app, anna);
    const flow = await begin(agent, '?refresh=true');
    const answer = await agent
      .post(`${L}?flow=${flow.id}`)
      .set('accept', 'application/json')
      .send({ csrf_token: field(flow, 'csrf_token'), ...credentials(ben) });
    expect([answer.status, messages(answer.body as LoginFlow)]).toEqual([400, [4000006]]);
    expect((await agent.get('/sessions/whoami').expect(200)).body.identity.id).toBe(anna.id);
  });

  test('a person without a password gets no field', async () => {
    const anna = await person(app);
    const token = await signIn(app, anna);
    await app.sql(`UPDATE identity_credential SET config = '{}' WHERE identity_id = $1 AND type = 'password'`, [
      anna.id,
    ]);
    const { body } = await native(app).get(`${L}/api?refresh=true`).set('x-session-token', token).expect(200);
    expect((body as LoginFlow).ui.nodes.map(({ attributes }) => attributes.name)).toEqual(['csrf_token']);
  });

  test('without a session it is an ordinary login', async () => {
    const flow = await begin(app.publicAgent(), '?refresh=true');
    expect(flow).toMatchObject({ refresh: false });
    expect(messages(flow)).toEqual([]);
  });
});
