/** What Kratos' clients see of login, settings and sessions in other orders and with other kinds of client. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';
import { csrfOf, NEW_PASSWORD, settingsPeople, type SettingsPeople } from '../support/settings-people.js';
import { person, signIn } from '../support/sign-in.js';

const INSIDE = 'https://app.example.com/inside/x';
const L = '/self-service/login';
const S = '/self-service/settings';

let app: TestApp;
let people: SettingsPeople;
beforeAll(async () => {
  app = await startTestApp({
    config: { selfservice: { allowed_return_urls: ['https://app.example.com/inside'] } },
    parity: true,
  });
  people = settingsPeople(app);
});
afterAll(() => app.stop());

const disabled = (answer: { body: { error: { reason: string } } }): void =>
  expect(answer.body.error.reason).toContain('disabled by system administrator');

describe('a person who is not signed in', () => {
  test('is redirected from the settings to where they would have led', async () => {
    const start = (query: string) =>
      app.publicAgent().get(`${S}/browser${query}`).set('accept', 'text/html').expect(303);
    expect((await start('')).headers['location']).toBe(`${app.publicUrl}${L}/browser`);
    expect((await start(`?return_to=${encodeURIComponent(INSIDE)}&a=b`)).headers['location']).toBe(
      `${app.publicUrl}${L}/browser?return_to=${encodeURIComponent(INSIDE)}`,
    );
  });

  test.each(['get', 'post'] as const)('is redirected from a settings form to sign in: %s', async (method) => {
    const { flow } = await people.browser();
    const url = method === 'get' ? `${S}/flows?id=${flow.id}` : `${S}?flow=${flow.id}`;
    const answer = await app.publicAgent()[method](url).set('accept', 'text/html').expect(302);
    expect(answer.headers['location']).toBe(`${app.publicUrl}/ui/login`);
    await app.publicAgent()[method](url).set('accept', 'application/json').expect(401);
  });
});

describe('a settings form', () => {
  test('stays valid in one browser when it is read in another', async () => {
    const { id, flow, token, json, form } = await people.browser();
    const second = app.publicAgent();
    second.jar.setCookie(`ory_kratos_session=${token}`, '127.0.0.1', '/');
    await second.get(`${S}/browser`).set('accept', 'application/json').expect(200);
    await second.get(`${S}/flows?id=${flow.id}`).set('accept', 'application/json').expect(200);
    const hashes = [await people.passwordOf(id)];
    await json({ method: 'password', password: NEW_PASSWORD }).expect(200);
    hashes.push(await people.passwordOf(id));
    await form({ method: 'password', password: `${NEW_PASSWORD} 2` }).expect(303);
    hashes.push(await people.passwordOf(id));
    expect(new Set(hashes).size).toBe(3);
    expect(hashes[2]).toMatch(/^\$/);
  });

  test('still accepts neither another browser’s token nor none', async () => {
    const { id, flow, agent } = await people.browser();
    const other = await people.browser();
    for (const csrf_token of [csrfOf(other.flow), undefined, ''])
      await agent
        .post(`${S}?flow=${flow.id}`)
        .send({ csrf_token, method: 'password', password: NEW_PASSWORD })
        .expect(403);
    expect(await people.passwordOf(id)).toBeUndefined();
  });

  test('after a recovery has a request URL with the final return_to', async () => {
    const { id } = await newPerson(app);
    const agent = app.publicAgent();
    const url = await newLink(app, id, { query: `?return_to=${encodeURIComponent(INSIDE)}` });
    const followed = await agent
      .get(url.pathname + url.search)
      .set('accept', 'text/html')
      .expect(303);
    const flow = new URL(followed.headers['location']!).searchParams.get('flow');
    const { body } = await agent.get(`${S}/flows?id=${flow}`).set('accept', 'application/json').expect(200);
    expect(new URL(body.request_url).searchParams.get('return_to')).toBe(INSIDE);
    expect([...new URL(body.request_url).searchParams.keys()]).toEqual(['flow', 'return_to', 'token']);
  });
});

describe('an expired login flow', () => {
  test('is replaced by one that says when', async () => {
    const { body } = await app.publicAgent().get(`${L}/api`).expect(200);
    await app.sql(`UPDATE login_flow SET expires_at = clock_timestamp() - interval '90 seconds' WHERE id = $1`, [
      body.id,
    ]);
    const gone = await app
      .publicAgent()
      .post(`${L}?flow=${body.id}`)
      .send({ method: 'password', identifier: 'a', password: 'b' })
      .expect(410);
    const fresh = await app.publicAgent().get(`${L}/flows?id=${gone.body.use_flow_id}`).expect(200);
    expect(fresh.body.ui.messages).toMatchObject([
      {
        id: 4010001,
        context: {
          expired_at: gone.body.expired_at,
          expired_at_unix: Math.floor(Date.parse(gone.body.expired_at) / 1000),
        },
      },
    ]);
    expect((await app.publicAgent().get(`${L}/flows?id=${body.id}`).expect(410)).body.error).toMatchObject({
      message: 'The requested resource is no longer available because it has expired or is otherwise invalid.',
      details: { api: `${app.publicUrl}${L}/api` },
    });
  });
});

test.each(['unknown', 'a"b', 'x'.repeat(300)])('sessions are not converted to tokens: %s', async (template) => {
  const token = await signIn(app, await person(app));
  const asked = `/sessions/whoami?tokenize_as=${encodeURIComponent(template)}`;
  const { body } = await app.publicAgent().get(asked).set('x-session-token', token).expect(400);
  expect(body.error.reason).toBe(`Unable to find tokenizer template "${template.slice(0, 256)}".`);
  await app.publicAgent().get(asked).expect(401);
  await app.publicAgent().get('/sessions/whoami?tokenize_as=').set('x-session-token', token).expect(200);
});

describe('a disabled method', () => {
  test.each([
    { method: 'oidc', link: 'acme' },
    { link: 'acme' },
    { unlink: 'acme' },
    { method: 'totp', totp_code: '123456' },
    { totp_unlink: true },
    { lookup_secret_reveal: 'true' },
    { lookup_secret_disable: true },
    { webauthn_register: '{}' },
    { passkey_remove: 'aa' },
  ])('is 404 in the settings: %j', async (form) => {
    disabled(await (await people.browser()).json(form).expect(404));
    disabled(await (await people.native()).json(form).expect(404));
  });

  test.each([{ method: 'oidc' }, { method: 'webauthn' }, { method: 'nonsense' }, { totp_unlink: '' }])(
    'but a settings form without a method only gets a message: %j',
    async (form) => {
      const { body } = await (await people.browser()).json(form).expect(400);
      expect(body.ui.messages).toMatchObject([{ id: 4010004 }]);
    },
  );

  const beginLogin = async (type: 'browser' | 'api') => {
    const agent = app.publicAgent();
    const { body } = await agent.get(`${L}/${type}`).set('accept', 'application/json').expect(200);
    return (form: object) =>
      agent
        .post(`${L}?flow=${body.id}`)
        .set('accept', 'application/json')
        .send({ ...(type === 'browser' ? { csrf_token: csrfOf(body) } : {}), ...form });
  };

  test.each([{ method: 'oidc', provider: 'acme' }, { provider: 'acme' }, { method: 'code', identifier: 'a' }])(
    'is 404 at sign-in: %j',
    async (form) => {
      for (const type of ['browser', 'api'] as const) disabled(await (await beginLogin(type))(form).expect(404));
    },
  );

  test.each([{ method: 'webauthn', identifier: 'a' }, { method: 'passkey' }, { passkey_login: '{}' }])(
    'is 404 at sign-in in a browser, where it would otherwise work: %j',
    async (form) => {
      disabled(await (await beginLogin('browser'))(form).expect(404));
      const { body } = await (await beginLogin('api'))(form).expect(400);
      expect(body.ui.messages).toMatchObject([{ id: 4010002 }]);
    },
  );
});
