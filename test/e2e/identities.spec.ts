import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Passwords } from '../../src/identity/privileged.js';
import type { TestApp } from '../support/app.js';
import { type Identity, nextNumber, someone, startWithSchemas } from './identities.support.js';

const IDENTITIES = '/admin/identities';
const UNKNOWN = 'b0000000-0000-4000-8000-00000000000b';
/** bcrypt of "U*U": a known answer from the reference implementation. */
const KNOWN_BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const MALFORMED = 'The request was malformed or contained invalid parameters';
const NOT_THERE = { error: { code: 404, status: 'Not Found', message: 'Unable to locate the resource' } };

let app: TestApp;

beforeAll(async () => {
  app = await startWithSchemas();
});
afterAll(() => app.stop());

const post = (body: object, token?: string) => app.admin(token).post(IDENTITIES).send(body);
const get = (path: string, token?: string) => app.admin(token).get(`${IDENTITIES}${path}`);

async function create(body: object = {}): Promise<Identity> {
  const answer = await post({ traits: { email: someone() }, ...body });
  expect(answer.status).toBe(201);
  return answer.body as Identity;
}

async function rows(): Promise<number> {
  const tables = ['identity', 'identity_credential', 'credential_identifier', 'recovery_address', 'verifiable_address'];
  const sum = tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
  return Number((await app.sql<{ n: string }>(`SELECT ${sum} AS n`))[0]?.n);
}

async function eventsOf(id: string): Promise<string[]> {
  const found = await app.sql<{ action: string }>(
    `SELECT action FROM audit_event WHERE target_type = 'identity' AND target_id = $1 ORDER BY id`,
    [id],
  );
  return found.map(({ action }) => action);
}

describe('create', () => {
  test('the answer contains the identity and what its traits say', async () => {
    const email = someone();
    const answer = await post({ schema_id: 'person', traits: { email, age: 36 } });
    const created = answer.body as Identity;
    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`${app.adminUrl}/identities/${created.id}`);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3})?Z$/) as string;
    const times = { created_at: time, updated_at: time };
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
    expect(created).toEqual({
      id,
      credentials: {
        code: { type: 'code', identifiers: [email], version: 1, ...times },
        password: { type: 'password', identifiers: [email], version: 0, ...times },
      },
      schema_id: 'person',
      schema_url: `${app.publicUrl}/schemas/cGVyc29u`,
      state: 'active',
      state_changed_at: time,
      traits: { email, age: 36 },
      verifiable_addresses: [{ id, value: email, verified: false, via: 'email', status: 'pending', ...times }],
      recovery_addresses: [{ id, value: email, via: 'email', ...times }],
      metadata_public: null,
      organization_id: null,
      ...times,
    });
    expect(await eventsOf(created.id)).toEqual(['identity.created']);
  });

  test('metadata, external id, state and two identifiers', async () => {
    const email = someone();
    const given = { metadata_public: { plan: 'pro' }, metadata_admin: { crm: 7 }, external_id: `ext-${email}` };
    const created = await create({ traits: { email, username: 'Grace' }, state: 'inactive', ...given });
    expect(created).toMatchObject({ ...given, state: 'inactive', traits: { username: 'Grace' } });
    expect(created.credentials?.['password']?.identifiers).toEqual([email, 'grace']);
    const found = await get(`/by/external/${encodeURIComponent(given.external_id)}`);
    expect(found.status).toBe(200);
    expect((found.body as Identity).id).toBe(created.id);
    const unknown = await get('/by/external/nobody-has-this');
    expect([unknown.status, unknown.body]).toEqual([404, NOT_THERE]);
  });

  test('an identity without any address or identifier has no credentials', async () => {
    const created = await create({ schema_id: 'note', traits: { note: 'no way to reach it' } });
    for (const absent of ['credentials', 'recovery_addresses', 'verifiable_addresses'])
      expect(Object.keys(created)).not.toContain(absent);
  });

  test('the verification of addresses in the traits is stored; other addresses are ignored', async () => {
    const email = someone();
    const created = await create({
      traits: { email },
      verifiable_addresses: [
        { value: email.toUpperCase(), via: 'email', verified: true, status: 'completed' },
        { value: 'someone.else@example.com', via: 'email', verified: true },
      ],
      recovery_addresses: [{ value: 'someone.else@example.com', via: 'email' }],
    });
    expect(created['verifiable_addresses']).toMatchObject([{ value: email, verified: true, status: 'completed' }]);
    expect(created['verifiable_addresses']).toHaveProperty('[0].verified_at');
    expect(created['recovery_addresses']).toMatchObject([{ value: email }]);
  });

  test('addresses are shown and stored in lower case; the traits stay unchanged', async () => {
    const email = `Mixed.${someone()}`;
    const created = await create({ traits: { email } });
    expect(created['traits']).toEqual({ email });
    expect(created['recovery_addresses']).toMatchObject([{ value: email.toLowerCase() }]);
    expect(created.credentials?.['code']?.identifiers).toEqual([email.toLowerCase()]);
  });
});

describe('passwords', () => {
  const withPassword = (config: object) => ({ traits: { email: someone() }, credentials: { password: { config } } });

  test('a plain-text one is stored as its hash, and shown to a caller who may see it', async () => {
    const created = await create(withPassword({ password: 'correct horse battery staple' }));
    expect(JSON.stringify(created)).not.toContain('hash');
    const shown = (await get(`/${created.id}?include_credential=password`)).body as Identity;
    const { config, version } = shown.credentials!['password']!;
    expect(version).toBe(1);
    expect(shown.credentials!['code']!.config).toBeUndefined();
    expect(Object.keys(config!)).toEqual(['hashed_password']);
    const hash = String(config!['hashed_password']);
    expect(await app.get(Passwords).verify('correct horse battery staple', hash)).toBe(true);
    expect(await app.get(Passwords).verify('correct horse battery stapl', hash)).toBe(false);
  });

  test('a hash is stored as it is', async () => {
    const created = await create(withPassword({ hashed_password: KNOWN_BCRYPT }));
    const shown = (await get(`/${created.id}?include_credential=password`)).body as Identity;
    expect(shown.credentials!['password']!.config).toEqual({ hashed_password: KNOWN_BCRYPT });
  });

  test('one for an identity that has no identifier', async () => {
    const credentials = { password: { config: { password: 'x' } } };
    const created = await create({ traits: {}, credentials });
    expect(created.credentials).toMatchObject({ password: { identifiers: [] } });
    const useless = [expect.stringMatching(/^Nobody can sign in with the password: the traits contain no identifier /)];
    expect(created['warnings']).toEqual(useless);
    const put = async (traits: object) =>
      (
        await app
          .admin()
          .put(`/admin/identities/${created.id}`)
          .send({ schema_id: created.schema_id, state: 'active', traits })
          .expect(200)
      ).body as Identity;
    expect(await put({ email: someone() })).not.toHaveProperty('warnings');
    expect((await put({ age: 7 }))['warnings']).toEqual(useless);
    const patch = [{ op: 'add', path: '/traits/username', value: 'ada' }];
    const patched = await app.admin().patch(`/admin/identities/${created.id}`).send(patch).expect(200);
    expect(patched.body).not.toHaveProperty('warnings');
    expect((await get(`/${created.id}`)).body).toMatchObject({
      credentials: { password: { identifiers: [expect.any(String)] } },
    });
    const answer = await post({ schema_id: 'note', traits: {}, credentials });
    expect([answer.status, (answer.body as { error: { reason: string } }).error.reason]).toEqual([
      400,
      expect.stringMatching(/^The password would be useless: no trait of the identity schema "note" /),
    ]);
  });

  test.each([
    [{ hashed_password: 'not-a-hash' }, 'The imported password does not match any known hash format.'],
    [{ hashed_password: '$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' }, /needs more memory or time/],
    [{ password: 'x'.repeat(73) }, 'The password must be at most 72 bytes long.'],
    [{ password: 'a', hashed_password: 'b' }, /either password or hashed_password/],
  ])('%j is refused', async (config, reason) => {
    const before = await rows();
    const answer = await post(withPassword(config));
    expect(answer.status).toBe(400);
    expect((answer.body as { error: { reason: string } }).error.reason).toMatch(reason);
    expect(await rows()).toBe(before);
  });

  test('setting and seeing one need their own scopes', async () => {
    const writer = await app.token('identity:write', 'identity:read');
    const before = await rows();
    const refused = await post(withPassword({ password: 'correct horse' }), writer);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ error: { id: 'insufficient_scope', code: 403 } });
    expect(refused.headers['www-authenticate']).toContain('scope="credentials:write"');
    expect(await rows()).toBe(before);
    expect((await post({ traits: { email: someone() } }, writer)).status).toBe(201);
    const { id } = await create(withPassword({ password: 'correct horse' }));
    expect((await get(`/${id}`, writer)).status).toBe(200);
    for (const path of [`/${id}?include_credential=password`, `?include_credential=password`]) {
      const unseen = await get(path, writer);
      expect(unseen.status).toBe(403);
      expect(unseen.headers['www-authenticate']).toContain('scope="credentials:read"');
    }
    const reader = await app.token('identity:read', 'credentials:read');
    expect((await get(`/${id}?include_credential=password`, reader)).status).toBe(200);
    expect((await post({ traits: {} }, reader)).status).toBe(403);
    expect((await app.admin(reader).delete(`${IDENTITIES}/${id}`)).status).toBe(403);
  });
});

describe('create refuses, and writes nothing', () => {
  test.each([
    ['an unknown schema', { schema_id: 'nope', traits: {} }, 'Unable to find JSON Schema ID: nope'],
    ['a wrong format', { traits: { email: 'not-an-email' } }, /I\[#\/traits\/email\]/],
    ['an unknown trait', { traits: { shoe: 42 } }, /I\[#\/traits\]/],
    ['a small number', { traits: { age: -1 } }, /I\[#\/traits\/age\]/],
    ['an unknown state', { traits: {}, state: 'sleeping' }, 'identity state is not valid'],
    ['a given id', { id: UNKNOWN, traits: {} }, /^id cannot be set/],
    ['a misspelt field', { trait: {} }, 'unknown field "trait": did you mean "traits"?'],
    [
      'a credential that cannot be given',
      { traits: {}, credentials: { totp: {} } },
      /^credentials.totp is not supported: /,
    ],
    ['a dangerous key', { traits: {}, schema_id: { constructor: 1 } }, /not allowed/],
    ['a NUL character', { traits: { username: 'a\0bc' } }, /NUL/],
    ['a list of addresses in one', { traits: { email: 'a@example.com,b@example.com' } }, /I\[#\/traits\/email\]/],
  ])('%s', async (_, body, reason) => {
    const before = await rows();
    const answer = await post(body);
    expect(answer.status).toBe(400);
    const { error } = answer.body as { error: { code: number; message: string; reason: string } };
    expect(error).toMatchObject({ code: 400, message: MALFORMED });
    expect(error.reason).toMatch(reason);
    expect(await rows()).toBe(before);
  });

  test.each([
    ['nothing', ''],
    ['half a document', '{"schema_id":'],
    ['a list', '[]'],
  ])('%s instead of JSON', async (_, text) => {
    const answer = await app.admin().post(IDENTITIES).set('content-type', 'application/json').send(text);
    expect(answer.status).toBe(400);
  });
});

describe('duplicates', () => {
  const conflict = {
    error: {
      code: 409,
      status: 'Conflict',
      reason: 'This identity conflicts with another identity that already exists.',
      message: 'The resource could not be created due to a conflict',
    },
  };

  test.each([
    ['the same', (name: string) => name],
    ['another case', (name: string) => name.toUpperCase()],
    ['spaces around it', (name: string) => ` ${name} `],
    ['a zero-width space', (name: string) => `${name.slice(0, 2)}\u200b${name.slice(2)}`],
    ['full-width letters', (name: string) => name.replaceAll('m', 'ｍ')],
    ['a dotless i', (name: string) => name.replaceAll('i', 'ı')],
  ])('%s', async (_, spell) => {
    const username = `mike${nextNumber()}`;
    const first = await create({ traits: { username } });
    const before = await rows();
    const answer = await post({ traits: { username: spell(username) } });
    expect([answer.status, answer.body]).toEqual([409, conflict]);
    expect(await rows()).toBe(before);
    const found = await get(`?credentials_identifier=${encodeURIComponent(spell(username))}`);
    expect((found.body as Identity[]).map(({ id }) => id)).toEqual([first.id]);
  });

  test('an address and an external id are unique too', async () => {
    const email = someone();
    await create({ traits: { email }, external_id: `ext-${email}` });
    expect((await post({ traits: { email: email.toUpperCase() } })).status).toBe(409);
    expect((await post({ traits: { email: someone() }, external_id: `ext-${email}` })).status).toBe(409);
  });

  /** Concurrent requests: the unique index decides, not an earlier lookup. */
  test('sixteen concurrent requests, one identity', async () => {
    const email = someone();
    const answers = await Promise.all(Array.from({ length: 16 }, () => post({ traits: { email } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(15).fill(409)]);
  });
});

describe('get and delete', () => {
  test('a read identity shows its admin metadata, and a password at version 1', async () => {
    const created = await create();
    const read = (await get(`/${created.id}`)).body as Identity;
    const { code, password } = created.credentials!;
    expect(read).toEqual({
      ...created,
      metadata_admin: null,
      credentials: { code, password: { ...password, version: 1 } },
    });
  });

  test.each([[UNKNOWN], ['not-a-uuid'], [`${UNKNOWN}?include_credential=nope`]])('%s is not found', async (path) => {
    const answer = await get(`/${path}`);
    expect([answer.status, answer.body]).toEqual([404, NOT_THERE]);
  });

  test('an unknown credential type of an existing one', async () => {
    const { id } = await create();
    expect((await get(`/${id}?include_credential=nope`)).status).toBe(400);
  });

  test('delete removes everything with it, once', async () => {
    const before = await rows();
    const { id } = await create();
    expect((await app.admin().delete(`${IDENTITIES}/${id}`)).status).toBe(204);
    expect(await rows()).toBe(before);
    expect((await get(`/${id}`)).status).toBe(404);
    for (const gone of [id, 'not-a-uuid']) {
      const answer = await app.admin().delete(`${IDENTITIES}/${gone}`);
      expect([answer.status, answer.body]).toEqual([404, NOT_THERE]);
    }
    expect(await eventsOf(id)).toEqual(['identity.created', 'identity.deleted']);
  });
});
