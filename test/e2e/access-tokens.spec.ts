import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditService } from '../../src/audit/index.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app.stop());

const PATH = '/admin/access-tokens';
const INVALID = 'Bearer realm="admin", error="invalid_token"';

interface TokenBody {
  id: string;
  token: string;
  [key: string]: unknown;
}

async function make(body: object = { name: 'desk', scopes: ['tokens:write'] }): Promise<TokenBody> {
  return (await app.admin().post(PATH).send(body).expect(201)).body as TokenBody;
}

async function events(targetId: string): Promise<string[]> {
  const rows = await app.sql<{ action: string; actor_type: string; actor_label: string }>(
    'SELECT action, actor_type, actor_label FROM audit_event WHERE target_id = $1 ORDER BY id',
    [targetId],
  );
  return rows.map(({ action, actor_type, actor_label }) => `${action} by ${actor_type} ${actor_label}`);
}

describe('POST /admin/access-tokens', () => {
  test('creates a token, shows it once, uncached, and audits it', async () => {
    const { body, headers } = await app
      .admin()
      .post(PATH)
      .send({
        name: ' support desk ',
        scopes: ['identity:read', 'recovery:issue', 'identity:read'],
        expires_in: '1h30m',
      })
      .expect(201);
    expect(headers['cache-control']).toContain('no-store');
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      token: expect.stringMatching(/^ory_pat_[0-9A-Za-z]{32}$/),
      name: 'support desk',
      last4: body.token.slice(-4),
      scopes: ['identity:read', 'recovery:issue'],
      state: 'active',
      source: 'api',
      created_by: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: expect.any(String),
      expires_at: expect.any(String),
      last_used_at: null,
      revoked_at: null,
    });
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBeGreaterThan(5_399_000);
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBeLessThan(5_401_000);
    expect(await events(body.id)).toEqual(['access_token.created by access_token test']);
  });

  test('never issues a token that outlives the calling one', async () => {
    const short = await make({ name: 'short', scopes: ['tokens:write'], expires_in: '1h' });
    for (const expires_in of [undefined, '2h', '720h']) {
      const { body } = await app
        .admin(short.token)
        .post(PATH)
        .send({ name: 'child', scopes: ['tokens:write'], ...(expires_in === undefined ? {} : { expires_in }) })
        .expect(201);
      expect(body.expires_at).toBe(short['expires_at']);
    }
  });

  test('keeps only the SHA-256 of the token', async () => {
    const { id, token } = await make();
    const [row] = await app.sql<{ text: string; kept: boolean }>(
      `SELECT row_to_json(access_token)::text AS text, digest = sha256(convert_to($2, 'UTF8')) AS kept FROM access_token WHERE id = $1`,
      [id, token],
    );
    expect(row?.kept).toBe(true);
    expect(row?.text).not.toContain(token.slice('ory_pat_'.length));
  });

  test.each([
    ['no name', { scopes: ['identity:read'] }, /name/],
    ['an empty name', { name: '  ', scopes: ['identity:read'] }, /"name" must be 1 to 100/],
    ['a name of two lines', { name: 'a\nb', scopes: ['identity:read'] }, /"name" must be/],
    ['a long name', { name: 'n'.repeat(101), scopes: ['identity:read'] }, /"name" must be/],
    ['a name that is a number', { name: 7, scopes: ['identity:read'] }, /name/],
    ['no scopes', { name: 'desk' }, /scopes/],
    ['an empty list of scopes', { name: 'desk', scopes: [] }, /"scopes" must list/],
    ['an unknown scope', { name: 'desk', scopes: ['identity:read', 'everything'] }, /"scopes" must list/],
    ['the empty scope', { name: 'desk', scopes: [''] }, /"scopes" must list/],
    ['a property of Object.prototype as scope', { name: 'desk', scopes: ['constructor'] }, /"scopes" must list/],
    ['scopes as text', { name: 'desk', scopes: 'identity:read' }, /scopes/],
    [
      'an expiry without a unit',
      { name: 'desk', scopes: ['identity:read'], expires_in: '12' },
      /"expires_in" must have a unit/,
    ],
    [
      'no time at all',
      { name: 'desk', scopes: ['identity:read'], expires_in: '0' },
      /"expires_in" must be more than zero/,
    ],
    [
      'an expiry in the past',
      { name: 'desk', scopes: ['identity:read'], expires_in: '-1h' },
      /"expires_in" must be more than zero/,
    ],
    ['an expiry that is a number', { name: 'desk', scopes: ['identity:read'], expires_in: 3600 }, /expires_in/],
  ])('refuses %s and writes nothing', async (_, body, reason) => {
    const before = await app.sql('SELECT id FROM access_token');
    const answer = await app.admin().post(PATH).send(body).expect(400);
    expect(answer.body.error).toMatchObject({
      code: 400,
      status: 'Bad Request',
      reason: expect.stringMatching(reason),
    });
    expect(await app.sql('SELECT id FROM access_token')).toHaveLength(before.length);
  });

  test('a token can only create tokens with scopes that it has', async () => {
    const narrow = await app.token('tokens:write', 'identity:read');
    const answer = await app
      .admin(narrow)
      .post(PATH)
      .send({ name: 'wider', scopes: ['identity:read', 'session:write', '*'] })
      .expect(403);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="admin", error="insufficient_scope", scope="session:write *"',
    );
    await app
      .admin(narrow)
      .post(PATH)
      .send({ name: 'as wide', scopes: ['identity:read'] })
      .expect(201);
    expect(await app.sql(`SELECT name FROM access_token WHERE name IN ('wider', 'as wide')`)).toEqual([
      { name: 'as wide' },
    ]);
  });

  test('requires tokens:write', async () => {
    const other = await app.token('identity:read', 'audit:read');
    for (const send of [
      app
        .admin(other)
        .post(PATH)
        .send({ name: 'x', scopes: ['identity:read'] }),
      app.admin(other).get(PATH),
      app.admin(other).delete(`${PATH}/8d0b6a3e-5c0f-4f1f-9a44-6f6f0d1c2b3a`),
    ]) {
      const { status, headers } = await send;
      expect(status).toBe(403);
      expect(headers['www-authenticate']).toContain('scope="tokens:write"');
    }
  });
});

describe('GET /admin/access-tokens', () => {
  test('lists tokens newest first, without a secret or a digest', async () => {
    const [first, second] = [await make({ name: 'one', scopes: ['*'] }), await make({ name: 'two', scopes: ['*'] })];
    const { body, text, headers } = await app.admin().get(PATH).expect(200);
    const ids = (body as TokenBody[]).map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual([second.id, first.id]);
    expect(Object.keys(body[0]).sort()).toEqual(
      [
        'created_at',
        'created_by',
        'expires_at',
        'id',
        'last4',
        'last_used_at',
        'name',
        'revoked_at',
        'scopes',
        'source',
        'state',
      ].sort(),
    );
    expect(text).not.toMatch(/ory_pat_|digest/);
    expect(headers['cache-control']).toContain('no-store');
  });

  test('page by page gives the same list, each token once', async () => {
    for (let i = 0; i < 5; i++) await make({ name: `page ${i}`, scopes: ['audit:read'] });
    const all = ((await app.admin().get(PATH).expect(200)).body as TokenBody[]).map(({ id }) => id);
    const paged: string[] = [];
    let next: string | undefined = `${PATH}?page_size=2`;
    while (next !== undefined) {
      const { body, headers } = await app.admin().get(next).expect(200);
      expect(body.length).toBeLessThanOrEqual(2);
      paged.push(...(body as TokenBody[]).map(({ id }) => id));
      const link = /^<http[^>]*(\/admin\/access-tokens\?page_size=2&page_token=[^>]+)>; rel="next"$/.exec(
        headers['link'] ?? '',
      );
      next = link?.[1];
    }
    expect(paged).toEqual(all);
  });

  test.each([
    ['page_size=0', /"page_size" must be a whole number from 1 to 1000/],
    ['page_size=1001', /"page_size" must be/],
    ['page_size=two', /"page_size" must be/],
    ['page_token=8d0b6a3e-5c0f-4f1f-9a44-6f6f0d1c2b3a', /page_token is not valid/],
  ])('refuses %s', async (query, reason) => {
    const { body } = await app.admin().get(`${PATH}?${query}`).expect(400);
    expect(body.error.reason).toMatch(reason);
  });

  test('shows which tokens are expired and which are revoked', async () => {
    const [ended, gone] = [await make({ name: 'ended', scopes: ['*'], expires_in: '1ms' }), await make()];
    await app.admin().delete(`${PATH}/${gone.id}`).expect(204);
    const list = (await app.admin().get(PATH)).body as TokenBody[];
    expect(list.find(({ id }) => id === ended.id)).toMatchObject({ state: 'expired', revoked_at: null });
    expect(list.find(({ id }) => id === gone.id)).toMatchObject({ state: 'revoked', revoked_at: expect.any(String) });
  });
});

describe('DELETE /admin/access-tokens/{id}', () => {
  test('revokes the token for the very next request; repeating it is no error and no second event', async () => {
    const { id, token } = await make();
    await app.admin(token).get(PATH).expect(200);
    await app.admin().delete(`${PATH}/${id}`).expect(204, '');
    await app.admin(token).get(PATH).expect(401).expect('www-authenticate', INVALID);
    await app.admin().delete(`${PATH}/${id.toUpperCase()}`).expect(204);
    expect(await events(id)).toEqual([
      'access_token.created by access_token test',
      'access_token.revoked by access_token test',
    ]);
  });

  test.each([
    ['', 200],
    ['?cascade=false', 200],
    ['?cascade', 401],
    ['?cascade=true', 401],
  ])('also revokes tokens that the token created, if requested: %s', async (query, status) => {
    const scopes = ['tokens:write'];
    const parent = await make({ name: 'parent', scopes });
    const { body } = await app.admin(parent.token).post(PATH).send({ name: 'child', scopes }).expect(201);
    await app.admin().delete(`${PATH}/${parent.id}${query}`).expect(204);
    await app
      .admin((body as { token: string }).token)
      .get(PATH)
      .expect(status);
  });

  test.each(['8d0b6a3e-5c0f-4f1f-9a44-6f6f0d1c2b3a', 'not-an-id', '%00'])('answers 404 to %s', async (id) => {
    const { body } = await app.admin().delete(`${PATH}/${id}`).expect(404);
    expect(body.error).toEqual({ code: 404, status: 'Not Found', message: 'Unable to locate the resource' });
  });

  test('a token can only revoke tokens with no more scopes than its own', async () => {
    const holder = await app.token('tokens:write', 'identity:read');
    const [wider, everything, narrower] = [
      await make({ name: 'wider', scopes: ['identity:read', 'session:write'] }),
      await make({ name: 'everything', scopes: ['*'] }),
      await make({ name: 'narrower', scopes: ['identity:read'] }),
    ];
    for (const [{ id, token }, missing] of [
      [wider, 'session:write'],
      [everything, '*'],
    ] as const) {
      const { body, headers } = await app.admin(holder).delete(`${PATH}/${id}`).expect(403);
      expect(headers['www-authenticate']).toBe(`Bearer realm="admin", error="insufficient_scope", scope="${missing}"`);
      expect(body.error.reason).toBe(`The personal access token lacks the scope ${missing}.`);
      const [row] = await app.sql('SELECT revoked_at FROM access_token WHERE id = $1', [id]);
      expect(row).toEqual({ revoked_at: null });
      expect(token).toMatch(/^ory_pat_/);
    }
    await app.admin(holder).delete(`${PATH}/${narrower.id}`).expect(204);
    await app.admin().delete(`${PATH}/${everything.id}`).expect(204);
  });

  test('a token can revoke itself', async () => {
    const { id, token } = await make();
    await app.admin(token).delete(`${PATH}/${id}`).expect(204);
    await app.admin(token).delete(`${PATH}/${id}`).expect(401);
  });

  test('another server on the same database refuses it too', async () => {
    const other = await startTestApp({ databaseUrl: app.databaseUrl });
    try {
      const { id, token } = await make();
      await other.admin(token).get(PATH).expect(200);
      await app.admin().delete(`${PATH}/${id}`).expect(204);
      await other.admin(token).get(PATH).expect(401);
    } finally {
      await other.stop();
    }
  });
});

test('a token works until it expires', async () => {
  const { token } = await make({ name: 'short', scopes: ['*'], expires_in: '900ms' });
  await app.admin(token).get(PATH).expect(200);
  await new Promise((done) => setTimeout(done, 1000));
  await app.admin(token).get(PATH).expect(401).expect('www-authenticate', INVALID);
});

test('its last use is recorded, at most once a minute', async () => {
  const { id, token } = await make();
  const lastUse = async (): Promise<string | null> =>
    ((await app.admin().get(PATH)).body as TokenBody[]).find((view) => view.id === id)!['last_used_at'] as
      string | null;
  expect(await lastUse()).toBe(null);
  await app.admin(token).get(PATH).expect(200);
  await expect.poll(lastUse, { timeout: 5000 }).toEqual(expect.any(String));
  const first = await lastUse();
  for (let i = 0; i < 5; i++) await app.admin(token).get(PATH).expect(200);
  await new Promise((done) => setTimeout(done, 200));
  expect(await lastUse()).toBe(first);
});

test('no answer and no log line contains a created token', async () => {
  const { token } = await make();
  await app.admin(token).get(`${PATH}?token=${token}`);
  await app
    .admin(`${token.slice(0, -1)}x`)
    .get(PATH)
    .expect(401);
  await app.get(AuditService).list({ pageSize: 1 });
  expect(app.log.join('\n')).not.toContain(token.slice('ory_pat_'.length, -1));
});
