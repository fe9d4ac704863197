import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Identity, someone, startWithSchemas } from './identities.support.js';

/* Unknown fields, and answers that are sent back unchanged. */

const IDENTITIES = '/admin/identities';
const PASSWORD = 'correct horse battery staple';
const OTHER_HASH = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'; // bcrypt of "U*U"

let app: TestApp;
let parity: TestApp;
let email: string;
let person: Identity;
beforeAll(async () => {
  app = await startWithSchemas();
  parity = await startTestApp({ parity: true });
});
afterAll(async () => {
  await parity?.stop();
  await app?.stop();
});
beforeEach(async () => {
  email = someone();
  person = await create({ credentials: { password: { config: { password: PASSWORD } } } });
});

async function create(body: object = {}, on = app): Promise<Identity> {
  const answer = await on
    .admin()
    .post(IDENTITIES)
    .send({ traits: { email }, ...body });
  expect(answer.status).toBe(201);
  return answer.body as Identity;
}
const put = (body: object, token?: string) => app.admin(token).put(`${IDENTITIES}/${person.id}`).send(body);
const patch = (body: object, token?: string, on = app) =>
  on.admin(token).patch(`${IDENTITIES}/${person.id}`).send(body);
const get = async (query = '') => (await app.admin().get(`${IDENTITIES}/${person.id}${query}`)).body as Identity;
const reason = ({ body }: { body: unknown }) => (body as { error?: { reason?: string } }).error?.reason;
const IGNORED = ['The unknown field "shoe" was ignored.'];
const events = async () =>
  (
    await app.sql<{ action: string }>(`SELECT action FROM audit_event WHERE target_id = $1 ORDER BY id`, [person.id])
  ).map(({ action }) => action);

const WRITES: [string, (body: object, on: TestApp) => ReturnType<typeof put>][] = [
  [
    'POST',
    (body, on) =>
      on
        .admin()
        .post(IDENTITIES)
        .send({ traits: { email: someone() }, ...body }),
  ],
  [
    'PUT',
    (body, on) =>
      on
        .admin()
        .put(`${IDENTITIES}/${person.id}`)
        .send({ traits: { email }, ...body }),
  ],
  [
    'POST link',
    (body, on) =>
      on
        .admin()
        .post('/admin/recovery/link')
        .send({ identity_id: person.id, ...body }),
  ],
  [
    'POST token',
    (body, on) =>
      on
        .admin()
        .post('/admin/access-tokens')
        .send({ name: 'x', scopes: ['audit:read'], ...body }),
  ],
];

describe.each(WRITES)('%s', (_, write) => {
  test('an unknown field is ignored and named', async () => {
    const answer = await write({ shoe: 42 }, app);
    expect([200, 201]).toContain(answer.status);
    expect(answer.body).toMatchObject({ warnings: IGNORED });
    expect(Object.keys((await write({}, app)).body as object)).not.toContain('warnings');
  });
});

test.each([
  ['post', IDENTITIES, { trait: {} }, 'traits'],
  ['post', IDENTITIES, { schemaId: 'person', traits: {} }, 'schema_id'],
  ['post', IDENTITIES, { traits: {}, credentials: { pasword: {} } }, 'credentials.password'],
  ['post', '/admin/recovery/link', { expire_in: '1h' }, 'expires_in'],
  ['post', '/admin/recovery/link', { deliver: { locales: 'de' } }, 'deliver.locale'],
  ['post', '/admin/access-tokens', { name: 'x', scope: ['*'] }, 'scopes'],
  ['patch', IDENTITIES, { identites: [] }, 'identities'],
] as const)('%s %s with %j is refused, with the right name', async (method, path, body, right) => {
  const answer = await app.admin()[method](path).send(body);
  expect([answer.status, reason(answer)]).toEqual([400, expect.stringContaining(`did you mean "${right}"?`)]);
});

describe('as Kratos', () => {
  test('unknown fields are ignored by PUT and by recovery, and refused on creation', async () => {
    const one = await create({}, parity);
    const known = { traits: { email }, shoe: 1, trait: 2 };
    const answer = await parity.admin().put(`${IDENTITIES}/${one.id}`).send(known);
    expect([answer.status, (answer.body as Identity)['warnings']]).toEqual([200, undefined]);
    const link = await parity.admin().post('/admin/recovery/link').send({ identity_id: one.id, expire_in: '1h' });
    expect([link.status, (link.body as { warnings?: unknown }).warnings]).toEqual([200, undefined]);
    const refused = await parity.admin().post(IDENTITIES).send({ traits: {}, shoe: 1 });
    expect([refused.status, refused.body]).toEqual([
      400,
      { error: { code: 400, status: 'Bad Request', message: 'json: unknown field "shoe"' } },
    ]);
    expect(
      (
        await parity
          .admin()
          .patch(IDENTITIES)
          .send({ identities: [{ create: { traits: {} }, x: 1 }] })
      ).status,
    ).toBe(400);
  });
});

describe('a batch', () => {
  test('names ignored fields per entry; a misspelt one refuses only its entry', async () => {
    const answer = await app
      .admin()
      .patch(IDENTITIES)
      .send({
        shoe: 1,
        identities: [
          { create: { traits: { email: someone() }, shoe: 1 } },
          { create: { traits: { email: someone() } }, hat: 1 },
          { create: { trait: {} } },
          { create: { traits: { email: someone() } } },
        ],
      });
    expect(answer.body).toMatchObject({
      warnings: IGNORED,
      identities: [
        { action: 'create', warnings: IGNORED },
        { action: 'create', warnings: ['The unknown field "hat" was ignored.'] },
        { action: 'error', error: { code: 400, reason: expect.stringContaining('traits') as string } },
        { action: 'create' },
      ],
    });
  });
});

describe('PUT accepts what GET returned', () => {
  test.each(['', '?include_credential=password&include_credential=oidc&include_credential=totp'])(
    'GET /{id}%s',
    async (query) => {
      await app.sql(
        `INSERT INTO identity_credential (id, identity_id, type, config) VALUES (gen_random_uuid(), $1, 'oidc', $2), (gen_random_uuid(), $1, 'totp', '{"totp_url": "x"}')`,
        [person.id, { providers: [{ provider: 'acme', subject: 'ada' }] }],
      );
      const before = await get(query);
      expect(Object.keys(before.credentials!)).toEqual(['code', 'oidc', 'password', 'totp']);
      const answer = await put(before);
      expect([answer.status, (answer.body as Identity)['warnings']]).toEqual([200, undefined]);
      const after = await get(query);
      const times = { updated_at: expect.any(String) as string };
      expect(after).toEqual({ ...before, ...times });
      expect(await events()).toEqual(['identity.created', 'identity.updated']);
    },
  );

  test('also from the list, a session, and an answer with warnings', async () => {
    const [listed] = (await app.admin().get(`${IDENTITIES}?ids=${person.id}`)).body as Identity[];
    const warned = (await put({ ...listed, shoe: 1 })).body as Identity;
    expect(warned['warnings']).toEqual(IGNORED);
    expect((await put({ ...warned, devices: [{ id: 'x' }], schema_url: '' })).body).toMatchObject({
      warnings: ['The unknown field "devices" was ignored.'],
      traits: { email },
    });
  });

  test('only needs identity:write if no credential is new', async () => {
    const writer = await app.token('identity:write');
    const shown = await get('?include_credential=password');
    expect((await put(shown, writer)).status).toBe(200);
    const other = { password: { ...shown.credentials!['password'], config: { hashed_password: OTHER_HASH } } };
    expect((await put({ ...shown, credentials: other }, writer)).status).toBe(403);
    expect((await put({ ...shown, credentials: other })).status).toBe(200);
    expect(await events()).toContain('credentials.password.set');
  });

  test.each([
    [{ totp: { config: { totp_url: 'otpauth://x' } } }, /^credentials.totp is not supported/],
    [{ saml: { config: {} } }, /^credentials.saml is not supported/],
  ])('but a new %j is refused', async (credentials, why) => {
    expect(reason(await put({ traits: { email }, credentials }))).toMatch(why);
  });
});

describe('omitting traits does not lose them', () => {
  test('PUT without them, or with null, is 400', async () => {
    const before = await get();
    for (const body of [{ state: 'active' }, { traits: null }, {}]) {
      const answer = await put(body);
      expect([answer.status, reason(answer)]).toEqual([400, expect.stringMatching(/traits/)]);
    }
    expect(await get()).toEqual(before);
  });

  test('PATCH to null is 400, as in Kratos, and also with all defaults', async () => {
    const before = await get();
    for (const op of ['replace', 'add']) {
      const answer = await patch([{ op, path: '/traits', value: null }]);
      expect([answer.status, reason(answer)]).toEqual([400, expect.stringContaining('expected object, but got null')]);
    }
    expect(await get()).toEqual(before);
    const one = await create({}, parity);
    const answer = await parity
      .admin()
      .patch(`${IDENTITIES}/${one.id}`)
      .send([{ op: 'replace', path: '/traits', value: null }]);
    expect(answer.status).toBe(400);
    const kept = await parity.admin().get(`${IDENTITIES}/${one.id}`);
    expect(kept.body).toMatchObject({ traits: { email }, recovery_addresses: [{ value: email }] });
  });
});

describe('PATCH', () => {
  test('an address’s verification', async () => {
    const answer = await patch([{ op: 'replace', path: '/verifiable_addresses/0/verified', value: true }]);
    expect([answer.status, (answer.body as Identity)['verifiable_addresses']]).toMatchObject([
      200,
      [{ value: email, verified: true, verified_at: expect.any(String) as string }],
    ]);
    await patch([
      { op: 'replace', path: '/verifiable_addresses/0/verified', value: false },
      { op: 'replace', path: '/verifiable_addresses/0/status', value: 'sent' },
    ]);
    expect(await get()).toMatchObject({ verifiable_addresses: [{ verified: false, status: 'sent' }] });
    expect((await patch([{ op: 'add', path: '/verifiable_addresses/1/verified', value: true }])).status).toBe(400);
  });

  test('an address’s verification, on or off, needs the scope for credentials', async () => {
    const { id } = await create({ traits: { email: someone() } });
    const writer = await app.token('identity:write', 'identity:read');
    const strong = await app.token('identity:write', 'credentials:write', 'identity:read');
    const change = (changes: object, token: string) =>
      app
        .admin(token)
        .patch(`${IDENTITIES}/${id}`)
        .send(
          Object.entries(changes).map(([name, value]) => ({
            op: 'replace',
            path: `/verifiable_addresses/0/${name}`,
            value: value as unknown,
          })),
        );
    const address = async () => {
      const { body } = await app.admin().get(`${IDENTITIES}/${id}`);
      return (body as Identity)['verifiable_addresses'];
    };
    for (const verified of [true, false]) {
      const refused = await change({ verified, status: 'completed' }, writer);
      expect([refused.status, refused.headers['www-authenticate']]).toEqual([
        403,
        expect.stringContaining('scope="credentials:write"'),
      ]);
      expect(await address()).toMatchObject([{ verified: !verified }]);
      expect((await change({ verified }, strong)).status).toBe(200);
      expect(await address()).toMatchObject([{ verified }]);
    }
    expect((await change({ verified: false, status: 'sent' }, writer)).status).toBe(200);
    expect(await address()).toMatchObject([{ verified: false, status: 'sent' }]);
  });

  test('a password’s hash, with the scope for it', async () => {
    const path = '/credentials/password/config/hashed_password';
    const change = [{ op: 'replace', path, value: OTHER_HASH }];
    const writer = await app.token('identity:write', 'identity:read');
    const refused = await patch(change, writer);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      403,
      expect.stringContaining('scope="credentials:write"'),
    ]);
    const answer = await patch(change, await app.token('identity:write', 'credentials:write'));
    expect(answer.status).toBe(200);
    expect((await get('?include_credential=password')).credentials!['password']!.config).toEqual({
      hashed_password: OTHER_HASH,
    });
    expect(await events()).toContain('credentials.password.set');
    expect((await patch([{ op: 'replace', path, value: 'foo' }])).status).toBe(400);
  });

  test.each(['/ID', '/Credentials/x', '/credentials/oidc/config/providers/0/subject', '/id'])(
    '%s is 400, as in Kratos',
    async (path) => {
      for (const on of [app, parity]) {
        const id = on === app ? person.id : (await create({ traits: { email: someone() } }, parity)).id;
        const answer = await on
          .admin()
          .patch(`${IDENTITIES}/${id}`)
          .send([{ op: 'replace', path, value: 'x' }]);
        expect([answer.status, reason(answer)]).toEqual([400, 'failed to apply JSON patch']);
      }
    },
  );

  test('an unknown operation says so; an unknown name is a warning, a misspelt one is refused', async () => {
    expect(reason(await patch({ op: 'add' }))).toBe('failed to unmarshal JSON patch');
    expect((await patch([{ op: 'add', path: '/shoe/size', value: 1 }])).body).toMatchObject({
      warnings: ['The unknown field "/shoe" was ignored.'],
    });
    expect(reason(await patch([{ op: 'add', path: '/trait/age', value: 1 }]))).toContain('did you mean "/traits"');
  });
});
