import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  type Agent,
  NEW_PASSWORD,
  type Node,
  PATH,
  cookieNames,
  csrfOf,
  settingsPeople,
  type SettingsPeople,
} from '../support/settings-people.js';

let app: TestApp;
let people: SettingsPeople;
beforeAll(async () => {
  app = await startTestApp({ config: { selfservice: { allowed_return_urls: ['https://app.example.com/inside'] } } });
  people = settingsPeople(app);
});
afterAll(() => app.stop());

describe('an old session', () => {
  test('cannot change what lets the person in, and is redirected to sign in again', async () => {
    const { id, email, flow, json, form, age } = await people.browser();
    await age();
    const back = encodeURIComponent(`${app.publicUrl}${PATH}?flow=${flow.id}`);
    const login = `${app.publicUrl}/self-service/login/browser?refresh=true&return_to=${back}`;
    for (const change of [
      { method: 'password', password: NEW_PASSWORD },
      { method: 'profile', traits: { email: `moved.${email}` } },
    ]) {
      const answer = await json(change).expect(403);
      expect(answer.body).toMatchObject({ error: { id: 'session_refresh_required' }, redirect_browser_to: login });
      expect(cookieNames(answer)).toEqual(['ory_kratos_continuity']);
    }
    const page = await form({ method: 'password', password: NEW_PASSWORD }).expect(303);
    expect([page.headers['location'], cookieNames(page)]).toEqual([login, ['ory_kratos_continuity']]);
    expect([await people.passwordOf(id), await people.eventsOf(id)]).toEqual([undefined, []]);
    expect((await app.admin().get(`/admin/identities/${id}`)).body.recovery_addresses).toMatchObject([
      { value: email },
    ]);
  });

  test('of a native client gets the cookie that continues the change, as in Kratos', async () => {
    const { json, sessionId } = await people.native();
    await app.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE id = $1`, [
      sessionId,
    ]);
    const answer = await json({ method: 'password', password: NEW_PASSWORD }).expect(403);
    expect([answer.body.error.id, cookieNames(answer)]).toEqual([
      'session_refresh_required',
      ['ory_kratos_continuity'],
    ]);
  });
});

describe('who submits', () => {
  test('must be signed in, and own the flow', async () => {
    const ada = await people.native();
    const bob = await people.native();
    const form = { method: 'password', password: NEW_PASSWORD };
    const nobody = await app.publicAgent().post(`${PATH}?flow=${ada.flow.id}`).send(form).expect(401);
    expect(nobody.body.error.reason).toBe('A valid Ory Session Cookie or Ory Session Token is missing.');
    const page = await app
      .publicAgent()
      .post(`${PATH}?flow=${ada.flow.id}`)
      .set('accept', 'text/html')
      .type('form')
      .send(form)
      .expect(302);
    expect(page.headers['location']).toBe(`${app.publicUrl}/ui/login`);
    const other = await bob.agent
      .post(`${PATH}?flow=${ada.flow.id}`)
      .send({ ...form, identity_id: ada.id })
      .expect(403);
    expect(other.body.error).toMatchObject({
      id: 'security_identity_mismatch',
      reason:
        'The request was initiated by someone else and has been blocked for security reasons. Please go back and try again.',
    });
    expect([await people.passwordOf(ada.id), await people.passwordOf(bob.id)]).toEqual([undefined, undefined]);
  });

  test('an ended session and a deactivated identity count as not signed in', async () => {
    const ada = await people.native();
    await app.get(SessionService).revoke(ada.sessionId);
    await ada.json({ method: 'password', password: NEW_PASSWORD }).expect(401);
    const bob = await people.native();
    await app.sql(`UPDATE identity SET state = 'inactive', sessions_valid_from = clock_timestamp() WHERE id = $1`, [
      bob.id,
    ]);
    await bob.json({ method: 'password', password: NEW_PASSWORD }).expect(401);
    expect([await people.passwordOf(ada.id), await people.passwordOf(bob.id)]).toEqual([undefined, undefined]);
  });

  test('must name an existing flow', async () => {
    const { agent } = await people.native();
    const post = (query: string) => agent.post(`${PATH}${query}`).send({ method: 'password', password: NEW_PASSWORD });
    expect((await post('').expect(400)).body.error.reason).toBe('The flow query parameter is missing or malformed.');
    expect((await post('?flow=x').expect(400)).body.error.reason).toBe(
      'The flow query parameter is missing or malformed.',
    );
    expect((await post('?flow=b0000000-0000-4000-8000-00000000000b').expect(404)).body.error.reason).toBe(
      'The settings request could not be found. Please restart the flow.',
    );
  });

  test('an expired flow is replaced by one that says so', async () => {
    const { id, json, form, expire, agent } = await people.browser();
    await expire();
    const { body } = await json({ method: 'password', password: NEW_PASSWORD }).expect(410);
    expect(body.error).toMatchObject({
      id: 'self_service_flow_expired',
      reason: 'The self-service flow expired 1.50 minutes ago, initialize a new one.',
    });
    const next = (await agent.get(`${PATH}/flows?id=${body.use_flow_id}`).set('accept', 'application/json').expect(200))
      .body;
    expect(next.ui.messages).toMatchObject([
      { id: 4050001, text: 'The settings flow expired 1.50 minutes ago, please try again.' },
    ]);
    const page = await form({ method: 'password', password: NEW_PASSWORD }).expect(303);
    expect(page.headers['location']).toMatch(/\/ui\/settings\?flow=/);
    expect(await people.passwordOf(id)).toBe(undefined);
    await agent
      .post(`${PATH}?flow=${next.id}`)
      .send({ csrf_token: csrfOf(next), method: 'password', password: NEW_PASSWORD })
      .expect(200);
  });
});

describe('CSRF', () => {
  test.each([
    ['no token', () => ({ csrf_token: undefined })],
    ['an empty one', () => ({ csrf_token: '' })],
    ['a wrong one', () => ({ csrf_token: 'nope' })],
    ['an object', () => ({ csrf_token: { a: 1 } })],
    ['another browser’s', async () => ({ csrf_token: csrfOf((await people.browser()).flow) })],
  ])('%s: refused, nothing changes', async (_, token) => {
    const { id, json, form } = await people.browser();
    const fields = { method: 'password', password: NEW_PASSWORD, ...(await token()) };
    expect((await json(fields).expect(403)).body.error.id).toBe('security_csrf_violation');
    const page = await form({ ...fields, csrf_token: String(fields.csrf_token ?? '') }).expect(303);
    expect(page.headers['location']).toMatch(/\/ui\/error\?id=/);
    expect(await people.passwordOf(id)).toBe(undefined);
  });

  test('a browser’s flow does not work without the browser’s cookie', async () => {
    const { id, flow, token } = await people.browser();
    const answer = await app
      .publicAgent()
      .post(`${PATH}?flow=${flow.id}`)
      .set('x-session-token', token)
      .send({ csrf_token: csrfOf(flow), method: 'password', password: NEW_PASSWORD })
      .expect(403);
    expect(answer.body.error.id).toBe('security_csrf_violation');
    expect(await people.passwordOf(id)).toBe(undefined);
  });

  test.each([
    ['cookie', 'a=b'],
    ['origin', 'https://evil.example.net'],
  ])('a native flow accepts no %s', async (header, value) => {
    const { id, agent, flow } = await people.native();
    await agent
      .post(`${PATH}?flow=${flow.id}`)
      .set(header, value)
      .send({ method: 'password', password: NEW_PASSWORD })
      .expect(400);
    expect(await people.passwordOf(id)).toBe(undefined);
  });

  test('a form works for its owner in every browser where they are signed in, each with its own token', async () => {
    const { agent, flow, token } = await people.browser();
    const fresh = app.publicAgent();
    fresh.jar.setCookie(`ory_kratos_session=${token}`, '127.0.0.1', '/');
    await fresh.get(`${PATH}/browser`).set('accept', 'application/json').expect(200);
    const { body } = await fresh.get(`${PATH}/flows?id=${flow.id}`).set('accept', 'application/json').expect(200);
    const submit = (from: Agent, csrf: unknown) =>
      from.post(`${PATH}?flow=${flow.id}`).send({ csrf_token: csrf, method: 'password', password: NEW_PASSWORD });
    await submit(agent, csrfOf(body)).expect(403);
    await submit(fresh, csrfOf(body)).expect(200);
    await submit(agent, csrfOf(flow)).expect(200);
  });
});

describe('afterwards', () => {
  const INSIDE = '?return_to=https%3A%2F%2Fapp.example.com%2Finside%2Fwelcome';

  test('a browser goes where it wanted to', async () => {
    const { form, json } = await people.browser(INSIDE);
    const answer = await form({ method: 'password', password: NEW_PASSWORD }).expect(303);
    expect(answer.headers['location']).toBe('https://app.example.com/inside/welcome');
    const { body } = await json({ method: 'password', password: NEW_PASSWORD }).expect(200);
    expect(body.continue_with).toEqual([
      { action: 'redirect_browser_to', redirect_browser_to: 'https://app.example.com/inside/welcome' },
    ]);
  });

  test('but not where it may not go any more', async () => {
    const { flow, form, json, again } = await people.browser(INSIDE);
    await app.sql('UPDATE settings_flow SET return_to = $2 WHERE id = $1', [flow.id, 'https://evil.example.net/']);
    const page = `${app.publicUrl}/ui/settings?flow=${flow.id}`;
    expect((await form({ method: 'password', password: NEW_PASSWORD }).expect(303)).headers['location']).toBe(page);
    const { body } = await json({ method: 'password', password: NEW_PASSWORD }).expect(200);
    expect(body.continue_with).toEqual([{ action: 'redirect_browser_to', redirect_browser_to: page }]);
    expect((await again().expect(200)).body).not.toHaveProperty('return_to');
  });
});

describe('disabled methods', () => {
  let off: TestApp;
  beforeAll(
    async () =>
      void (off = await startTestApp({ config: { selfservice: { methods: { profile: { enabled: false } } } } })),
  );
  afterAll(() => off.stop());

  test('are neither shown nor accepted', async () => {
    const { id, email } = await people.newPerson(off);
    const { token } = await off.get(SessionService).issue({ identityId: id, methods: ['password'], origin: 'login' });
    const agent = off.publicAgent().set('x-session-token', token) as Agent;
    const { body } = await agent.get(`${PATH}/api`).expect(200);
    expect(body.ui.nodes.map(({ group }: Node) => group)).toEqual(['default', 'password', 'password']);
    await agent
      .post(`${PATH}?flow=${body.id}`)
      .send({ method: 'profile', traits: { email, name: { first: 'Ada' } } })
      .expect(404);
    expect((await off.admin().get(`/admin/identities/${id}`)).body.traits).toEqual({ email });
  });
});
