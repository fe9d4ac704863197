import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TokenSeal } from '../../src/self-service/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import {
  acmeAt,
  buttonsOf,
  type Flow,
  newSubject,
  refusalsOf,
  socialConfig,
  socialPeople,
  textsOf,
} from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;

beforeAll(async () => {
  provider = await ActedProvider.start();
  app = await startTestApp({ config: socialConfig(acmeAt(provider)) });
  people = socialPeople(app, provider);
});
afterAll(async () => {
  await app?.stop();
  await provider?.stop();
});
beforeEach(() => (provider.misbehaviour = {}));

test('a recovered person connects an account and signs in with it', async () => {
  const anna = await people.connected();
  expect(anna.page.status).toBe(303);
  const flow = await people.flowOf(anna.browser, 'settings', anna.flow.id);
  expect(textsOf(flow)).toEqual(['Your changes have been saved!']);
  const { browser, page } = await people.signIn(anna.sub);
  expect(page.status).toBe(303);
  expect(await people.whoami(browser)).toBe(anna.id);
});

test('the form offers to connect what is not connected, and to disconnect all but the last way in', async () => {
  const anna = await people.recovered();
  expect(buttonsOf(anna.flow)).toEqual(['link acme']);
  const back = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
  await anna.browser.get(back);
  expect(buttonsOf(await people.flowOf(anna.browser, 'settings', anna.flow.id))).toEqual([]);
  await people.submit(anna.browser, anna.flow, { method: 'password', password: 'a long walk by the river 7' });
  expect(buttonsOf(await people.flowOf(anna.browser, 'settings', anna.flow.id))).toEqual(['unlink acme']);
});

test('a disconnected account no longer signs in', async () => {
  const anna = await people.connected();
  await people.submit(anna.browser, anna.flow, { unlink: 'acme' });
  expect(textsOf(await people.flowOf(anna.browser, 'settings', anna.flow.id))).toEqual([
    'can not unlink OpenID Connect connection because it is the last remaining first factor credential',
  ]);
  await people.submit(anna.browser, anna.flow, { method: 'password', password: 'a long walk by the river 7' });
  await people.submit(anna.browser, anna.flow, { unlink: 'acme' });
  expect(await people.connectionsOf(anna.id)).toEqual([]);
  const { browser } = await people.signIn(anna.sub);
  expect(await people.whoami(browser)).toBeUndefined();
  await people.submit(anna.browser, anna.flow, { unlink: 'acme' });
  expect(textsOf(await people.flowOf(anna.browser, 'settings', anna.flow.id))).toEqual([
    'can not unlink non-existing OpenID Connect connection',
  ]);
});

test('an account has one owner', async () => {
  const anna = await people.connected();
  const ben = await people.connected(anna.sub);
  const flow = await people.flowOf(ben.browser, 'settings', ben.flow.id);
  expect(flow.ui.messages?.map(({ id }) => id)).toEqual([4000007]);
  expect([flow.active, flow.state]).toEqual(['oidc', 'show_form']);
  expect(await people.connectionsOf(ben.id)).toEqual([]);
  expect(await refusalsOf(app, 'credentials.oidc.connected')).toEqual([
    { target_id: ben.id, reason: 'refused 1 time', detail: { provider: 'acme' } },
  ]);
});

test('of two concurrent accounts of one provider, one is connected', async () => {
  const anna = await people.recovered();
  const go = async () => people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
  const backs = [await go(), await go()];
  await Promise.all(backs.map((back) => anna.browser.get(back)));
  const connected = await people.connectionsOf(anna.id);
  expect(connected.length).toBe(1);
});

test('connecting, disconnecting and signing in are audited, and end other links', async () => {
  const anna = await people.recovered();
  const link = await app.admin().post('/admin/recovery/link').send({ identity_id: anna.id }).expect(200);
  await anna.browser.get(await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), 'audited'));
  await people.submit(anna.browser, anna.flow, { method: 'password', password: 'a long walk by the river 7' });
  await people.signIn('audited');
  await people.submit(anna.browser, anna.flow, { unlink: 'acme' });
  const events = (await people.eventsOf(anna.id)).filter(({ action }) => /oidc|login/.test(action));
  expect(events).toEqual([
    { action: 'credentials.oidc.connected', detail: { provider: 'acme' } },
    { action: 'session.login', detail: { method: 'oidc', provider: 'acme' } },
    { action: 'credentials.oidc.disconnected', detail: { provider: 'acme' } },
  ]);
  const [grant] = await app.sql<{ revoked: boolean }>(
    'SELECT revoked_at IS NOT NULL AS revoked FROM recovery_grant WHERE identity_id = $1 ORDER BY created_at DESC LIMIT 1',
    [anna.id],
  );
  expect([link.status, grant?.revoked]).toEqual([200, true]);
});

test('a person confirms with a connected account, in the same session', async () => {
  const anna = await people.connected();
  const session = async () =>
    (
      await app.sql<{ id: string; privileged: boolean }>(
        `SELECT id, authenticated_at > clock_timestamp() - interval '1 hour' AS privileged FROM session WHERE identity_id = $1 AND active`,
        [anna.id],
      )
    )[0];
  const before = await session();
  await app.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`, [
    anna.id,
  ]);
  const { flow } = await people.login('?refresh=true', anna.browser);
  expect(buttonsOf(flow)).toEqual(['provider acme']);
  const away = await people.away(await people.submit(anna.browser, flow, { provider: 'acme' }), anna.sub);
  await anna.browser.get(away);
  expect(await session()).toEqual({ id: before?.id, privileged: true });
});

test('a native client is not offered what needs a browser', async () => {
  const agent = app.publicAgent().set('accept', 'application/json');
  const { body } = await agent.get('/self-service/login/api').expect(200);
  expect(buttonsOf(body as Flow)).toEqual([]);
  const refused = await agent.post(`/self-service/login?flow=${(body as Flow).id}`).send({ provider: 'acme' });
  expect([refused.status, (refused.body as Flow).ui.messages?.[0]?.id]).toEqual([400, 4010002]);
});

test('a form that names another method requests no provider', async () => {
  const { browser, flow } = await people.login();
  const page = await people.submit(browser, flow, { method: 'password', provider: 'acme' });
  expect(page.location).toMatch(/\/ui\/login\?flow=/);
});

describe('administrators', () => {
  const at = (id: string) => `/admin/identities/${id}`;
  const create = (subject: string, more: object = {}) =>
    app
      .admin()
      .post('/admin/identities')
      .send({
        schema_id: 'person',
        traits: { email: `${subject}@example.com` },
        credentials: { oidc: { config: { providers: [{ provider: 'acme', subject }] } }, ...more },
      });

  test('import connections with an identity, and add some to one', async () => {
    const sub = newSubject();
    const { body } = await create(sub).expect(201);
    const { id } = body as { id: string };
    const { browser } = await people.signIn(sub);
    expect(await people.whoami(browser)).toBe(id);
    const another = newSubject();
    const providers = [sub, another].map((subject) => ({ provider: 'acme', subject }));
    const traits = { email: `${sub}@example.com` };
    const put = { schema_id: 'person', traits, state: 'active', credentials: { oidc: { config: { providers } } } };
    await app.admin().put(at(id)).send(put).expect(200);
    expect((await people.connectionsOf(id)).map(({ value }) => value).sort()).toEqual(
      [`acme:${sub}`, `acme:${another}`].sort(),
    );
    const shown = await app
      .admin()
      .get(`${at(id)}?include_credential=oidc`)
      .expect(200);
    expect((shown.body as { credentials: { oidc: { config: unknown } } }).credentials.oidc.config).toEqual({
      providers,
    });
  });

  test('do not take an account away from its owner', async () => {
    const anna = await people.connected();
    await create(anna.sub).expect(409);
    const { body } = await create(newSubject()).expect(201);
    const { id, traits } = body as { id: string; traits: object };
    const credentials = { oidc: { config: { providers: [{ provider: 'acme', subject: anna.sub }] } } };
    await app.admin().put(at(id)).send({ schema_id: 'person', traits, state: 'active', credentials }).expect(409);
    expect(await people.connectionsOf(anna.id)).toEqual([{ value: `acme:${anna.sub}` }]);
  });

  test('need the scope for credentials', async () => {
    const token = await app.token('identity:write');
    const send = (body: object) => app.admin(token).post('/admin/identities').send(body);
    const providers = [{ provider: 'acme', subject: newSubject() }];
    const credentials = { oidc: { config: { providers } } };
    await send({ schema_id: 'person', traits: { email: 'scope@example.com' }, credentials }).expect(403);
  });

  test.each([
    [{ provider: 'acme' }],
    [{ provider: 'a:b', subject: 'x' }],
    [{ provider: 'acme', subject: '' }],
    [{ provider: 'acme', subject: 'x', subjct: 1 }],
  ])('are told what is wrong with %j', async (connection) => {
    const credentials = { oidc: { config: { providers: [connection] } } };
    const body = { schema_id: 'person', traits: { email: 'wrong@example.com' }, credentials };
    await app.admin().post('/admin/identities').send(body).expect(400);
  });

  test('are told that an unknown field was ignored', async () => {
    const providers = [{ provider: 'acme', subject: newSubject(), surprise: 1 }];
    const body = {
      schema_id: 'person',
      traits: { email: 'surprise@example.com' },
      credentials: { oidc: { config: { providers } } },
    };
    const answer = await app.admin().post('/admin/identities').send(body).expect(201);
    expect((answer.body as { warnings: string[] }).warnings).toEqual([expect.stringContaining('surprise')]);
  });

  test('delete one connection, but not the last way in', async () => {
    const sub = newSubject();
    const password = { config: { password: 'a long walk by the river 7' } };
    const { body } = await create(sub, { password }).expect(201);
    const path = `${at((body as { id: string }).id)}/credentials/oidc`;
    await app.admin().delete(path).expect(400);
    await app.admin().delete(`${path}?identifier=acme%3Aunknown`).expect(404);
    await app.admin().delete(`${path}?identifier=acme%3A${sub}`).expect(204);
    await app.admin().delete(`${path}?identifier=acme%3A${sub}`).expect(404);
    const alone = newSubject();
    const other = await create(alone).expect(201);
    await app
      .admin()
      .delete(`${at((other.body as { id: string }).id)}/credentials/oidc?identifier=acme%3A${alone}`)
      .expect(400);
    expect(await people.whoami((await people.signIn(alone)).browser)).toBe((other.body as { id: string }).id);
  });
});

test('a provider’s form redirects to the same URL by GET, without fields that we ignore', async () => {
  const path = `${app.publicUrl}/self-service/methods/oidc/callback/acme`;
  const page = await new Browser().post(path, { state: 's', code: 'c', id_token: 'secret', user: '{"name":"A"}' });
  expect([page.status, page.location]).toEqual([303, `${path}?state=s&code=c`]);
});

test('tokens of providers are not stored', async () => {
  const anna = await people.connected();
  const [row] = await app.sql<{ config: unknown }>(
    `SELECT config FROM identity_credential WHERE identity_id = $1 AND type = 'oidc'`,
    [anna.id],
  );
  expect(row?.config).toEqual({ providers: [{ provider: 'acme', subject: anna.sub }] });
});

test('if configured, the last ones are stored, encrypted', async () => {
  const config = { ...socialConfig(acmeAt(provider)), regain: { social: { keep_tokens: true } } };
  const keeping = await startTestApp({ config });
  try {
    const there = socialPeople(keeping, provider);
    const anna = await there.connected();
    const tokens = async () => {
      const [row] = await keeping.sql<{ config: { providers: { tokens: string }[] } }>(
        `SELECT config FROM identity_credential WHERE identity_id = $1 AND type = 'oidc'`,
        [anna.id],
      );
      return row?.config.providers[0]?.tokens ?? '';
    };
    const whose = [anna.id, 'acme', anna.sub];
    const seal = keeping.get(TokenSeal);
    const first = seal.open(whose, await tokens());
    expect(first?.accessToken).toMatch(/^[0-9a-f]{32}$/);
    await there.signIn(anna.sub);
    expect(seal.open(whose, await tokens())?.accessToken).not.toBe(first?.accessToken);
    const shown = await keeping.admin().get(`/admin/identities/${anna.id}?include_credential=oidc`).expect(200);
    expect(JSON.stringify(shown.body)).not.toContain('tokens');
  } finally {
    await keeping.stop();
  }
});
