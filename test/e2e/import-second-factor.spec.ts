import bcrypt from 'bcrypt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectMoved, move, type Move } from '../integration/kratos-import.support.js';
import { Browser, type Page } from '../support/browser.js';
import { newLink } from '../support/links.js';
import { beginNative, messages, send } from '../support/login-steps.js';
import { NEW_PASSWORD } from '../support/settings-people.js';

/* "I have lost my phone": a person imported from Kratos with a one-time password, and the support desk. */
const PASSWORD = 'correct horse';
const HASH = bcrypt.hashSync(PASSWORD, 8);

let world: Move;
beforeAll(async () => {
  world = await move();
});
afterAll(() => world.stop());

let count = 0;
let email = '';
let id = '';
beforeEach(async () => {
  email = `lost.phone${++count}@example.com`;
  id = await world.kratos.addWithHash(email, HASH, {
    availableAal: 'aal2',
    credentials: [
      ['password', { hashed_password: HASH }, [email]],
      ['totp', { totp_url: 'otpauth://totp/kratos?secret=SEEDOFTHEAPP' }, ['subject-of-totp'], 1],
    ],
  });
  expectMoved(await world.run({ acceptLoss: ['totp'] }), 1);
});
afterEach(() => world.reset());

const path = (more = ''): string => `/admin/identities/${id}${more}`;
const signIn = async (password: string) =>
  send(world.app, await beginNative(world.app), { method: 'password', identifier: email, password });
async function follow(link: URL, browser: Browser): Promise<Page> {
  const opened = await browser.get(link);
  return browser.submit(await browser.get(opened.location));
}

test('is refused with the factor; the desk removes it and sends a link, and the person is back in', async () => {
  expect((await signIn(PASSWORD)).status).toBe(400);
  const refused = await follow(await newLink(world.app, id), new Browser());
  expect(refused.location).toContain('/ui/recovery?flow=');
  expect(await world.app.sql('SELECT 1 FROM session WHERE identity_id = $1', [id])).toEqual([]);

  await world.app.admin().delete(path('/credentials/totp')).expect(204);

  const browser = new Browser();
  const settings = await follow(await newLink(world.app, id), browser);
  expect(settings.location).toContain('/ui/settings?flow=');
  const flowId = new URL(settings.location).searchParams.get('flow');
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { cookie, accept: 'application/json' };
  const flow = (await (
    await fetch(`${world.app.publicUrl}/self-service/settings/flows?id=${flowId}`, { headers })
  ).json()) as { ui: { nodes: { attributes: { name: string; value: string } }[] } };
  const csrf = flow.ui.nodes.find(({ attributes }) => attributes.name === 'csrf_token')!.attributes.value;
  const saved = await fetch(`${world.app.publicUrl}/self-service/settings?flow=${flowId}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'password', password: NEW_PASSWORD, csrf_token: csrf }),
  });
  expect([saved.status, ((await saved.json()) as { state: string }).state]).toEqual([200, 'success']);
  expect((await signIn(NEW_PASSWORD)).status).toBe(200);
  expect(messages((await signIn(PASSWORD)).body)).toEqual([4000006]);
});

test('a refused link works after that, once', async () => {
  const link = await newLink(world.app, id);
  expect((await follow(link, new Browser())).location).toContain('/ui/recovery?flow=');
  await world.app.admin().delete(path('/credentials/totp')).expect(204);
  expect((await follow(link, new Browser())).location).toContain('/ui/settings?flow=');
  expect((await follow(link, new Browser())).location).toContain('/ui/recovery?flow=');
});

describe('the identity as administrators see it', () => {
  const totp = { type: 'totp', identifiers: [], version: 1 };
  const times = { created_at: expect.any(String) as string, updated_at: expect.any(String) as string };

  test('shows the type, and the config only if requested, without a secret', async () => {
    const { body } = await world.app.admin().get(path()).expect(200);
    expect(Object.keys(body.credentials).sort()).toEqual(['password', 'totp']);
    expect(body.credentials.totp).toEqual({ ...totp, ...times });
    const shown = await world.app.admin().get(path('?include_credential=totp')).expect(200);
    expect(shown.body.credentials.totp).toEqual({ ...totp, ...times, config: { imported: true } });
    const list = await world.app.admin().get(`/admin/identities?credentials_identifier=${email}`).expect(200);
    expect(list.body[0].credentials.totp).toEqual({ ...totp, ...times });
    expect((await world.app.admin().get('/admin/identities?credentials_identifier=subject-of-totp')).body).toEqual([]);
  });

  test('the config needs the scope for credentials', async () => {
    const reader = world.app.admin(await world.app.token('identity:read'));
    expect((await reader.get(path('?include_credential=totp'))).status).toBe(403);
    expect((await reader.get(path())).body.credentials.totp).toEqual({ ...totp, ...times });
  });

  test('keeps it through PUT and PATCH, which can neither set nor remove one', async () => {
    const traits = { email: `new.${email}` };
    const put = await world.app.admin().put(path()).send({ schema_id: 'person', state: 'active', traits }).expect(200);
    expect(put.body.credentials.totp).toEqual({ ...totp, ...times });
    const operations = [{ op: 'replace', path: '/traits/email', value: email }];
    const patched = await world.app.admin().patch(path()).send(operations).expect(200);
    expect(patched.body.credentials.totp).toEqual({ ...totp, ...times });
    for (const taken of ['/credentials/totp', '/available_aal']) {
      const refused = await world.app
        .admin()
        .patch(path())
        .send([{ op: 'remove', path: taken }]);
      expect([taken, refused.status]).toEqual([taken, 400]);
    }
    const given = { schema_id: 'person', state: 'active', traits: { email }, credentials: { totp: { config: {} } } };
    expect((await world.app.admin().put(path()).send(given)).status).toBe(400);
    expect((await signIn(PASSWORD)).status).toBe(400);
  });

  test('only a caller who may write credentials can remove it', async () => {
    const writer = world.app.admin(await world.app.token('identity:write'));
    expect((await writer.delete(path('/credentials/totp'))).status).toBe(403);
    const desk = world.app.admin(await world.app.token('credentials:write'));
    expect((await desk.delete(path('/credentials/totp'))).status).toBe(204);
    expect((await world.app.admin().get(path())).body.credentials).not.toHaveProperty('totp');
    expect((await signIn(PASSWORD)).status).toBe(200);
  });

  test('it is deleted with the identity', async () => {
    await world.app.admin().delete(path()).expect(204);
    expect(await world.app.sql('SELECT 1 FROM identity_credential')).toEqual([]);
  });
});
