import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { beginNative, send } from '../support/login-steps.js';
import { linkTo, mailed, mailTo, nativeFlow, submitTo } from '../support/mail.js';
import { PASSWORD } from '../support/sign-in.js';

const PRESETS = ['email-password', 'username', 'phone', 'customer-number'];

let app: TestApp;
beforeAll(async () => {
  const schemas = PRESETS.map((name) => ({ id: name, url: `preset://${name}` }));
  app = await startTestApp({
    config: { ...mailed('link'), identity: { default_schema_id: 'email-password', schemas } },
  });
});
afterAll(() => app.stop());

/** What a person types to sign in, and their traits, for each preset. */
const PEOPLE = [
  ['email-password', 'Ada@Example.com', { email: 'ada@example.com', name: { first: 'Ada' } }],
  ['username', 'grace.hopper', { username: 'grace.hopper', email: 'grace@example.com' }],
  ['phone', '+4930123456789', { phone: '+4930123456789', email: 'kate@example.com' }],
  ['customer-number', 'C-1234-99', { customer_number: 'C-1234-99', email: 'mary@example.com' }],
] as const;

const create = (schema_id: string, traits: object) =>
  app
    .admin()
    .post('/admin/identities')
    .send({ schema_id, traits, credentials: { password: { config: { password: PASSWORD } } } });

describe.each(PEOPLE)('a person of %s', (preset, identifier, traits) => {
  let id = '';
  beforeAll(async () => {
    ({ id } = (await create(preset, traits).expect(201)).body as { id: string });
  });

  test('signs in with the preset’s identifiers', async () => {
    const answer = await send(app, await beginNative(app), { method: 'password', identifier, password: PASSWORD });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ session: { identity: { id, schema_id: preset } } });
  });

  test('signs in with nothing else', async () => {
    if (preset === 'email-password') return;
    const { email } = traits;
    const answer = await send(app, await beginNative(app), {
      method: 'password',
      identifier: email,
      password: PASSWORD,
    });
    expect(answer.status).toBe(400);
  });

  test('gets a link from an administrator', async () => {
    const link = await newLink(app, id);
    expect([...link.searchParams.keys()]).toEqual(['flow', 'token']);
  });

  test('gets a link by mail', async () => {
    const { email } = traits;
    await submitTo(app, await nativeFlow(app), { method: 'link', email }).expect(200);
    expect((await linkTo(app, email)).searchParams.get('token')).toMatch(/^[A-Za-z0-9]{32}$/);
  });
});

describe('without an address for mail', () => {
  test.each([
    ['username', { username: 'no.mail' }],
    ['phone', { phone: '+4930000000' }],
    ['customer-number', { customer_number: 'C-0000' }],
  ])(
    'a person of %s still gets a link from an administrator, and none through self-service',
    async (preset, traits) => {
      const { body } = await create(preset, traits).expect(201);
      const { id, recovery_addresses } = body as { id: string; recovery_addresses?: object[] };
      expect(recovery_addresses ?? []).toEqual([]);
      expect((await newLink(app, id)).pathname).toBe('/self-service/recovery');
      const [identifier = ''] = Object.values(traits) as string[];
      await submitTo(app, await nativeFlow(app), { method: 'link', email: identifier });
      expect(await mailTo(app, identifier)).toEqual([]);
    },
  );
});

test.each([
  ['email-password', {}],
  ['email-password', { email: 'nobody' }],
  ['username', { username: 'ab' }],
  ['username', { username: 'two words' }],
  ['username', { username: 'someone@example.com' }],
  ['phone', { phone: '030 123456' }],
  ['phone', { phone: '+0301234567' }],
  ['customer-number', { customer_number: 'C1' }],
  ['customer-number', { customer_number: 'C-12345', shoe_size: 42 }],
])('%s refuses %o', async (preset, traits) => {
  await create(preset, traits).expect(400);
});
