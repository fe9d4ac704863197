import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.js';
import { type Identity, nextNumber, someone, startWithSchemas } from './identities.support.js';

const IDENTITIES = '/admin/identities';
const UNKNOWN = 'b0000000-0000-4000-8000-00000000000b';
const NOT_THERE = { error: { code: 404, status: 'Not Found', message: 'Unable to locate the resource' } };
const PASSWORD = 'correct horse battery staple';

let app: TestApp;
let person: Identity;
let email: string;

beforeAll(async () => {
  app = await startWithSchemas();
});
afterAll(() => app.stop());
beforeEach(async () => {
  email = someone();
  person = await create({ credentials: { password: { config: { password: PASSWORD } } } });
});

const put = (id: string, body: object, token?: string) => app.admin(token).put(`${IDENTITIES}/${id}`).send(body);
const patch = (id: string, body: object, token?: string) => app.admin(token).patch(`${IDENTITIES}/${id}`).send(body);
const get = async (id: string, query = '') => (await app.admin().get(`${IDENTITIES}/${id}${query}`)).body as Identity;
const reason = (answer: { body: unknown }) => (answer.body as { error: { reason: string } }).error.reason;

async function create(body: object = {}): Promise<Identity> {
  const answer = await app
    .admin()
    .post(IDENTITIES)
    .send({ traits: { email }, ...body });
  expect(answer.status).toBe(201);
  return answer.body as Identity;
}

async function signIn(identifier: string, password: string): Promise<{ status: number; token: string }> {
  const agent = app.publicAgent().set('accept', 'application/json');
  const { body } = await agent.get('/self-service/login/api');
  const answer = await agent
    .post(`/self-service/login?flow=${(body as { id: string }).id}`)
    .send({ method: 'password', identifier, password });
  return { status: answer.status, token: (answer.body as { session_token?: string }).session_token ?? '' };
}

const whoami = async (token: string): Promise<number> =>
  (await app.publicAgent().get('/sessions/whoami').set('x-session-token', token)).status;

async function eventsOf(id: string): Promise<string[]> {
  const found = await app.sql<{ action: string }>(
    `SELECT action FROM audit_event WHERE target_type = 'identity' AND target_id = $1 AND action <> 'session.login' ORDER BY id`,
    [id],
  );
  return found.map(({ action }) => action);
}

describe('put', () => {
  test('everything is replaced; schema, state and password stay if they are absent', async () => {
    const moved = someone();
    const whole = {
      schema_id: 'person',
      state: 'active',
      traits: { email: moved, age: 7 },
      metadata_public: { a: 1 },
      metadata_admin: [1],
      external_id: `ext-${moved}`,
    };
    const answer = await put(person.id, whole);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ...whole, recovery_addresses: [{ value: moved }] });
    const least = (await put(person.id, { traits: { email: moved } })).body as Identity;
    expect(least).toMatchObject({
      schema_id: 'person',
      state: 'active',
      traits: { email: moved },
      metadata_public: null,
    });
    expect(Object.keys(least)).not.toContain('external_id');
    expect(Object.keys(least)).not.toContain('metadata_admin');
    expect((await signIn(moved, PASSWORD)).status).toBe(200);
    expect((await signIn(email, PASSWORD)).status).toBe(400);
    expect(await eventsOf(person.id)).toEqual(['identity.created', 'identity.updated', 'identity.updated']);
  });

  test('an answer may be sent back unchanged, without its credentials', async () => {
    const { credentials, ...shown } = await get(person.id);
    expect(Object.keys(credentials!)).toEqual(['code', 'password']);
    const answer = await put(person.id, { ...shown, external_id: `ext-${email}` });
    expect([answer.status, (answer.body as Identity)['traits']]).toEqual([200, { email }]);
  });

  test('another schema, whose rules apply from then on', async () => {
    const answer = await put(person.id, { schema_id: 'note', traits: { note: 'x' } });
    expect(answer.body).toMatchObject({ schema_id: 'note', traits: { note: 'x' } });
    expect(Object.keys(answer.body as object)).not.toContain('recovery_addresses');
    expect(reason(await put(person.id, { schema_id: 'nope', traits: {} }))).toBe('Unable to find JSON Schema ID: nope');
  });

  test('changing the state back and forth moves sessions_valid_from, so no session is revived', async () => {
    const { token } = await signIn(email, PASSWORD);
    expect(await whoami(token)).toBe(200);
    expect((await put(person.id, { state: 'inactive', traits: { email } })).body).toMatchObject({ state: 'inactive' });
    expect(await whoami(token)).toBe(401);
    await put(person.id, { state: 'active', traits: { email } });
    expect(await whoami(token)).toBe(401);
    expect(await eventsOf(person.id)).toEqual(['identity.created', 'identity.deactivated', 'identity.activated']);
  });

  test('a new password, in plain text or hashed, needs its own scope', async () => {
    const credentials = (config: object) => ({ traits: { email }, credentials: { password: { config } } });
    const writer = await app.token('identity:write');
    const refused = await put(person.id, credentials({ password: 'another one' }), writer);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      403,
      expect.stringContaining('scope="credentials:write"'),
    ]);
    expect((await put(person.id, { traits: { email } }, writer)).status).toBe(200);
    expect((await put(person.id, credentials({ password: 'another one' }))).status).toBe(200);
    expect((await signIn(email, 'another one')).status).toBe(200);
    expect((await signIn(email, PASSWORD)).status).toBe(400);
    expect((await put(person.id, credentials({ hashed_password: 'not-a-hash' }))).status).toBe(400);
    expect(await eventsOf(person.id)).toContain('credentials.password.set');
  });

  test('a refused change changes nothing', async () => {
    const before = await get(person.id);
    const other = someone();
    await create({ traits: { email: other }, external_id: `ext-${other}` });
    for (const [body, status] of [
      [{ traits: { email: 'x' } }, 400],
      [{ traits: { email }, state: 'sleeping' }, 400],
      [{ trait: { email } }, 400],
      [{ traits: { email: other }, state: 'inactive' }, 409],
      [{ traits: { email }, external_id: `ext-${other}`, state: 'inactive' }, 409],
    ] as const)
      expect((await put(person.id, body)).status).toBe(status);
    expect(await get(person.id)).toEqual(before);
    expect(await eventsOf(person.id)).toEqual(['identity.created']);
  });

  test.each([[UNKNOWN], ['not-a-uuid']])('%s is not found', async (id) => {
    for (const answer of [await put(id, { traits: {} }), await patch(id, [])])
      expect([answer.status, answer.body]).toEqual([404, NOT_THERE]);
  });
});

describe('patch', () => {
  test('all operations apply, or none', async () => {
    const change = { op: 'add', path: '/traits/age', value: 7 };
    const refused = await patch(person.id, [change, { op: 'replace', path: '/id', value: UNKNOWN }]);
    expect([refused.status, reason(refused)]).toEqual([400, 'failed to apply JSON patch']);
    expect((await patch(person.id, [change, { op: 'add', path: '/traits/shoe', value: 42 }])).status).toBe(400);
    expect((await get(person.id))['traits']).toEqual({ email });
    const done = await patch(person.id, [change, { op: 'add', path: '/metadata_admin', value: { crm: 7 } }]);
    expect(done.status).toBe(200);
    expect(done.body).toEqual(await get(person.id));
    expect(done.body).toMatchObject({ traits: { email, age: 7 }, metadata_admin: { crm: 7 }, metadata_public: null });
  });

  test('a change of the state alone is audited as such', async () => {
    const { token } = await signIn(email, PASSWORD);
    await patch(person.id, [{ op: 'replace', path: '/state', value: 'inactive' }]);
    expect(await whoami(token)).toBe(401);
    expect(await eventsOf(person.id)).toEqual(['identity.created', 'identity.deactivated']);
  });

  test('a new address is not verified', async () => {
    await app.sql(`UPDATE verifiable_address SET verified = true, status = 'completed' WHERE identity_id = $1`, [
      person.id,
    ]);
    const moved = someone();
    const answer = await patch(person.id, [{ op: 'replace', path: '/traits/email', value: moved }]);
    expect(answer.body).toMatchObject({ verifiable_addresses: [{ value: moved, verified: false, status: 'pending' }] });
  });

  test('two concurrent changes lose nothing', async () => {
    const keys = Array.from({ length: 8 }, (_, i) => `k${i}`);
    await patch(person.id, [{ op: 'add', path: '/metadata_admin', value: {} }]);
    const path = (key: string) => `/metadata_admin/${key}`;
    await Promise.all(keys.map((key) => patch(person.id, [{ op: 'add', path: path(key), value: 1 }])));
    expect(Object.keys((await get(person.id))['metadata_admin'] as object).sort()).toEqual(keys);
  });

  test('needs identity:write', async () => {
    expect((await patch(person.id, [], await app.token('identity:read', 'credentials:write'))).status).toBe(403);
  });
});

describe('batch', () => {
  const batch = (identities: unknown, token?: string) => app.admin(token).patch(IDENTITIES).send({ identities });
  const patchId = (n: number) => `10000000-0000-4000-8000-00000000000${n}`;
  const count = async () => Number((await app.sql<{ n: string }>('SELECT count(*) AS n FROM identity'))[0]?.n);

  test('each entry is handled on its own: a refused one does not stop the others', async () => {
    const fresh = someone();
    const answer = await batch([
      { patch_id: patchId(1), create: { traits: { email: fresh } } },
      { patch_id: patchId(2), create: { traits: { email: fresh.toUpperCase() } } },
      { create: { traits: { email: 'x' } } },
      { patch_id: patchId(4), create: { id: UNKNOWN, traits: {} } },
      { patch_id: patchId(5), create: { schema_id: 'note', traits: {} } },
    ]);
    expect(answer.status).toBe(200);
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
    const message = 'Unable to insert or update resource because a resource with that value exists already';
    expect(answer.body).toEqual({
      identities: [
        { action: 'create', identity: id, patch_id: patchId(1) },
        { action: 'error', patch_id: patchId(2), error: { code: 409, status: 'Conflict', message } },
        { action: 'error', error: expect.objectContaining({ code: 400, reason: expect.stringContaining('email') }) },
        {
          action: 'error',
          patch_id: patchId(4),
          error: expect.objectContaining({ reason: expect.stringContaining('id cannot') }),
        },
        { action: 'create', identity: id, patch_id: patchId(5) },
      ],
    });
    const created = (answer.body as { identities: { identity: string }[] }).identities[0]!.identity;
    expect((await get(created))['traits']).toEqual({ email: fresh });
    expect(await eventsOf(created)).toEqual(['identity.created']);
  });

  test('an empty list gets an empty answer', async () => {
    expect((await batch([])).body).toEqual({ identities: [] });
    expect((await app.admin().patch(IDENTITIES).send({})).body).toEqual({ identities: [] });
  });

  test.each([
    ['too many', Array(1_001).fill({ create: { traits: {} } }), /at once is 1000/],
    [
      'too many passwords',
      Array(201).fill({ create: { traits: {}, credentials: { password: { config: { password: 'x' } } } } }),
      /plaintext password is 200/,
    ],
    ['no list', { create: {} }, 'identities must be an array.'],
    [
      'nothing to create',
      [{ create: { schema_id: 'note', traits: {} } }, {}],
      'identities[1].create must be an object.',
    ],
    ['no entry', [7], 'identities[0] must be an object.'],
    ['another word', [{ delete: {}, create: {} }], /^identities\[0\] may contain "create" only/],
    ['a misspelt field', [{ craete: {} }], 'unknown field "craete": did you mean "create"?'],
    ['an invalid id', [{ patch_id: 'x', create: {} }], 'identities[0].patch_id must be a UUID.'],
  ])('%s: refused as a whole', async (_, identities, text) => {
    const before = await count();
    const answer = await batch(identities);
    expect(answer.status).toBe(400);
    expect(reason(answer)).toMatch(text);
    expect(await count()).toBe(before);
  });

  test('passwords need their own scope, and nothing is created without it', async () => {
    const before = await count();
    const writer = await app.token('identity:write');
    const entry = {
      create: { schema_id: 'note', traits: {}, credentials: { password: { config: { password: 'x' } } } },
    };
    expect((await batch([{ create: { schema_id: 'note', traits: {} } }, entry], writer)).status).toBe(403);
    expect(await count()).toBe(before);
    expect((await batch([{ create: { schema_id: 'note', traits: {} } }], writer)).status).toBe(200);
  });
});

describe('delete a credential', () => {
  const remove = (id: string, type: string, token?: string) =>
    app.admin(token).delete(`${IDENTITIES}/${id}/credentials/${type}`);
  const give = (type: string, config: object) =>
    app.sql(`INSERT INTO identity_credential (id, identity_id, type, config) VALUES (gen_random_uuid(), $1, $2, $3)`, [
      person.id,
      type,
      config,
    ]);

  test('the person’s last way to sign in stays', async () => {
    const answer = await remove(person.id, 'password');
    expect([answer.status, reason(answer)]).toEqual([400, 'You cannot remove the last first factor credential.']);
    expect((await signIn(email, PASSWORD)).status).toBe(200);
  });

  test('a password can be deleted beside a connected provider; the next password uses its identifiers', async () => {
    await give('oidc', { providers: [{ provider: 'acme', subject: 's' }] });
    expect((await remove(person.id, 'password')).status).toBe(204);
    expect((await signIn(email, PASSWORD)).status).toBe(400);
    const { credentials } = await get(person.id, '?include_credential=password');
    expect(credentials?.['password']).toMatchObject({ identifiers: [email], config: {} });
    expect(await eventsOf(person.id)).toEqual(['identity.created', 'credentials.password.deleted']);
    expect((await remove(person.id, 'password')).status).toBe(404);
  });

  test('deleting the last second factor lowers the level', async () => {
    await give('totp', { totp_url: 'x' });
    await give('lookup_secret', {});
    await app.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [person.id]);
    const aal = async () =>
      (await app.sql<{ aal: string }>('SELECT available_aal AS aal FROM identity WHERE id = $1', [person.id]))[0]?.aal;
    expect([(await remove(person.id, 'totp')).status, await aal()]).toEqual([204, 'aal2']);
    expect([(await remove(person.id, 'lookup_secret')).status, await aal()]).toEqual([204, 'aal1']);
  });

  test.each([['nope'], ['totp']])('%s, which the identity does not have', async (type) => {
    const answer = await remove(person.id, type);
    expect([answer.status, answer.body]).toEqual([
      404,
      {
        error: {
          code: 404,
          status: 'Not Found',
          reason: `You tried to remove a ${type} but this user have no ${type} set up.`,
          message: 'The requested resource could not be found',
        },
      },
    ]);
  });

  test('types that belong to the traits, an unknown identity, and a token without the scope', async () => {
    expect(reason(await remove(person.id, 'code'))).toBe('Credentials type code cannot be deleted.');
    for (const id of [UNKNOWN, 'x']) expect((await remove(id, 'password')).body).toEqual(NOT_THERE);
    expect((await remove(person.id, 'totp', await app.token('identity:write'))).status).toBe(403);
  });
});

describe('a password hash from another system', () => {
  /** Hashes of "Pässw0rd" made with OpenSSL and Python's hashlib. */
  test.each([
    ['$pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30'],
    ['$scrypt$ln=1024,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$ZgsJ3LG24K+CrrNQjQe1gkyVzYYjmnmg+W+/8wU8qBI='],
    ['$md5-crypt$saltsalt$Y.ZMATnqNSs7IVIw.YHgA0'],
    ['{SSHA}YHcWGGfGgzKH5wtlNx/ZH5DsnUQwMTIzNDU2Nzg5YWJjZGVm'],
  ])('%s: the first login replaces it', async (hashed_password) => {
    const username = `imported${nextNumber()}`;
    const { id } = await create({ traits: { username }, credentials: { password: { config: { hashed_password } } } });
    const stored = async () => (await get(id, '?include_credential=password')).credentials!['password']!.config!;
    expect((await signIn(username, 'Pässw0re')).status).toBe(400);
    expect((await stored())['hashed_password']).not.toMatch(/^\$2b\$/);
    expect((await signIn(username, 'Pässw0rd')).status).toBe(200);
    expect((await stored())['hashed_password']).toMatch(/^\$2b\$08\$/);
    expect((await signIn(username, 'Pässw0rd')).status).toBe(200);
    expect((await signIn(username, 'Pässw0re')).status).toBe(400);
  });

  test.each([
    ['$argon2id$v=19$m=4194304,t=1,p=1$AQEBAQEBAQEBAQEBAQEBAQ$gZOIyhr2zwwcVB1oHM1tJQqtsZ0a4ZwnNNSU0d2tJAg'],
    ['$scrypt$ln=16777216,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$ZgsJ3LG24K+CrrNQjQe1gkyVzYYjmnmg+W+/8wU8qBI='],
    ['$pbkdf2-sha256$i=999999999,l=32$MDEyMzQ1Njc4OWFiY2RlZg$GGGq36IUmIdTikBm+SWGw1GOKq5WEraz+ikD3C6kl30'],
  ])('%s is refused, because it would take gigabytes or hours', async (hashed_password) => {
    const answer = await put(person.id, {
      traits: { email },
      credentials: { password: { config: { hashed_password } } },
    });
    expect([answer.status, reason(answer)]).toEqual([400, expect.stringContaining('needs more memory or time')]);
  });
});
