import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';

const SCHEMA = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: { type: 'string', format: 'email', 'ory.sh/kratos': { recovery: { via: 'email' } } },
        score: { type: 'number' },
        nickname: { type: 'string' },
        tags: { type: 'array', items: { type: 'number' } },
      },
    },
  },
};

let app: TestApp;
beforeAll(async () => {
  const url = `base64://${Buffer.from(JSON.stringify(SCHEMA)).toString('base64')}`;
  app = await startTestApp({ config: { identity: { default_schema_id: 'person', schemas: [{ id: 'person', url }] } } });
});
afterAll(() => app.stop());

let made = 0;
const someone = (): string => `exact.${++made}@example.com`;

/** An identity whose row holds numbers that a double would change. */
async function stored({
  score = '9007199254740993',
  tags = '[18446744073709551617, 3]',
  metadata = '{"ledger": 0.1000000000000000055511151231257827}',
} = {}): Promise<{ id: string; email: string }> {
  const email = someone();
  const { body } = await app
    .admin()
    .post('/admin/identities')
    .send({ traits: { email, nickname: 'ada' } })
    .expect(201);
  await app.sql(
    `UPDATE identity SET traits = traits || jsonb_build_object('score', $2::jsonb, 'tags', $3::jsonb), metadata_public = $4::jsonb,
       metadata_admin = $4::jsonb WHERE id = $1`,
    [body.id, score, tags, metadata],
  );
  return { id: body.id, email };
}

const textOf = async (id: string): Promise<Record<string, string>> => {
  const [row] = await app.sql<Record<string, string>>(
    `SELECT traits->>'score' AS score, traits->>'tags' AS tags, traits->>'nickname' AS nickname,
       metadata_public::text AS public, metadata_admin::text AS admin, state FROM identity WHERE id = $1`,
    [id],
  );
  return row!;
};
const AS_STORED = {
  score: '9007199254740993',
  tags: '[18446744073709551617, 3]',
  public: '{"ledger": 0.1000000000000000055511151231257827}',
  admin: '{"ledger": 0.1000000000000000055511151231257827}',
};

const send = (method: 'post' | 'put' | 'patch', path: string, json: string) =>
  app.admin()[method](path).set('content-type', 'application/json').send(json);

describe('on input', () => {
  test.each([
    ['a large integer', '"score": 9007199254740993', 'traits.score'],
    ['beyond all doubles', '"score": 1e400', 'traits.score'],
    ['too small for a double', '"score": 1e-400', 'traits.score'],
    ['a long fraction', '"score": 0.1000000000000000055511151231257827', 'traits.score'],
    ['in a list', '"tags": [1, 2, 12345678901234567891]', 'traits.tags[2]'],
    [
      'in a value that the schema does not name',
      '"other": {"deep": [{"x": -9007199254740993}]}',
      'traits.other.deep[0].x',
    ],
  ])('%s is refused with its path', async (_, trait, path) => {
    const refused = await send('post', '/admin/identities', `{"traits": {"email": "${someone()}", ${trait}}}`).expect(
      400,
    );
    expect(refused.body.error.reason).toContain(`the number at ${path} would lose digits`);
  });

  test.each(['metadata_public', 'metadata_admin'])('%s too', async (name) => {
    const body = `{"traits": {"email": "${someone()}"}, "${name}": {"n": [9007199254740993]}}`;
    const refused = await send('post', '/admin/identities', body).expect(400);
    expect(refused.body.error.reason).toContain(`the number at ${name}.n[0] would lose digits`);
  });

  test('another notation of the same number is accepted', async () => {
    const body = `{"traits": {"email": "${someone()}", "score": 1.10, "tags": [1e2, 9007199254740992, 1.7976931348623157e308]}}`;
    const created = await send('post', '/admin/identities', body).expect(201);
    expect(created.body.traits).toMatchObject({ score: 1.1, tags: [100, 9007199254740992, Number.MAX_VALUE] });
  });

  test('a batch refuses only that identity', async () => {
    const body = `{"identities": [{"create": {"traits": {"email": "${someone()}", "score": 9007199254740993}}},
      {"create": {"traits": {"email": "${someone()}"}}}]}`;
    const answer = await send('patch', '/admin/identities', body).expect(200);
    expect(answer.body.identities.map(({ action }: { action: string }) => action)).toEqual(['error', 'create']);
    expect(JSON.stringify(answer.body.identities[0].error)).toContain('the number at traits.score would lose digits');
  });

  test('PUT and PATCH', async () => {
    const { id, email } = await stored();
    const put = await send(
      'put',
      `/admin/identities/${id}`,
      `{"traits": {"email": "${email}", "score": 9007199254740995}}`,
    );
    expect([put.status, put.body.error.reason]).toEqual([400, expect.stringContaining('traits.score')]);
    const patch = await send(
      'patch',
      `/admin/identities/${id}`,
      '[{"op": "add", "path": "/metadata_public/n", "value": 1e400}]',
    );
    expect([patch.status, patch.body.error.reason]).toEqual([400, expect.stringContaining('metadata_public.n')]);
    expect(await textOf(id)).toMatchObject(AS_STORED);
  });

  test.each([
    ['JSON', { traits: '{"score": 9007199254740995}' }],
    ['a form', { 'traits.score': '9007199254740995' }],
  ])('a person’s %s: the field says so', async (kind, form) => {
    const person = await signedIn(await stored());
    const refused =
      kind === 'JSON'
        ? await person.submit(
            `{"method": "profile", "traits": {"email": "${person.email}", "score": 9007199254740995}}`,
          )
        : await person.form({ method: 'profile', 'traits.email': person.email, ...form });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('the number at traits.score would lose digits');
    expect(refused.text).toContain('"value":9007199254740995');
    expect(await textOf(person.id)).toMatchObject(AS_STORED);
  });

  test('ignored values are not checked', async () => {
    const person = await signedIn(await stored());
    await person
      .submit(
        `{"method": "profile", "traits.nickname": "x", "traits.email": "${person.email}", "transient_payload": {"order": 12345678901234567890}}`,
      )
      .then(({ status }) => expect(status).toBe(200));
  });
});

async function signedIn(person: { id: string; email: string }) {
  const { token } = await app
    .get(SessionService)
    .issue({ identityId: person.id, methods: ['password'], origin: 'login' });
  const begun = await app.publicAgent().get('/self-service/settings/api').set('x-session-token', token).expect(200);
  const post = () =>
    app
      .publicAgent()
      .post(`/self-service/settings?flow=${begun.body.id}`)
      .set('x-session-token', token)
      .set('accept', 'application/json');
  return {
    ...person,
    token,
    flow: begun,
    submit: (json: string) => post().set('content-type', 'application/json').send(json),
    form: (fields: object) => post().type('form').send(fields),
  };
}

describe('a stored number', () => {
  test('is shown unchanged', async () => {
    const { id, email } = await stored();
    const shown = [
      await app.admin().get(`/admin/identities/${id}`).expect(200),
      await app.admin().get(`/admin/identities?ids=${id}`).expect(200),
      await app
        .publicAgent()
        .get('/sessions/whoami')
        .set('x-session-token', (await signedIn({ id, email })).token)
        .expect(200),
      (await signedIn({ id, email })).flow,
    ];
    for (const { text } of shown) {
      expect(text).toContain('"score":9007199254740993');
      expect(text).toContain('"tags":[18446744073709551617,3]');
      expect(text).toContain('"metadata_public":{"ledger":0.1000000000000000055511151231257827}');
    }
    expect(shown[3]!.text).toContain('"value":9007199254740993');
  });

  test.each([
    ['another trait', '[{"op": "replace", "path": "/traits/nickname", "value": "new"}]', { nickname: 'new' }],
    ['the state', '[{"op": "replace", "path": "/state", "value": "inactive"}]', { state: 'inactive' }],
    [
      'other metadata',
      '[{"op": "add", "path": "/metadata_public/x", "value": 1}]',
      { public: '{"x": 1, "ledger": 0.1000000000000000055511151231257827}' },
    ],
    ['a test of it', '[{"op": "test", "path": "/traits/score", "value": 9007199254740993}]', {}],
    ['its own value', '[{"op": "replace", "path": "/traits/score", "value": 9007199254740993}]', {}],
    [
      'its copy',
      '[{"op": "copy", "from": "/traits/score", "path": "/traits/tags/-"}]',
      { tags: '[18446744073709551617, 3, 9007199254740993]' },
    ],
    [
      'its move',
      '[{"op": "move", "from": "/traits/tags/0", "path": "/traits/tags/1"}]',
      { tags: '[3, 18446744073709551617]' },
    ],
  ])('survives a PATCH of %s', async (_, patch, changed) => {
    const { id } = await stored();
    await send('patch', `/admin/identities/${id}`, patch).expect(200);
    expect(await textOf(id)).toMatchObject({ ...AS_STORED, ...changed });
  });

  test('has no parts that a patch could reach', async () => {
    const { id } = await stored();
    const patch = '[{"op": "add", "path": "/traits/score/text", "value": "1"}]';
    await send('patch', `/admin/identities/${id}`, patch);
    expect(await textOf(id)).toMatchObject(AS_STORED);
  });

  test('can be replaced', async () => {
    const { id } = await stored();
    await send('patch', `/admin/identities/${id}`, '[{"op": "replace", "path": "/traits/score", "value": 7}]').expect(
      200,
    );
    expect(await textOf(id)).toMatchObject({ ...AS_STORED, score: '7' });
  });

  test('survives a PUT of the GET answer with all its digits', async () => {
    const { id } = await stored();
    const { text } = await app.admin().get(`/admin/identities/${id}`).expect(200);
    await send('put', `/admin/identities/${id}`, text.replace('"ada"', '"new"')).expect(200);
    expect(await textOf(id)).toMatchObject({ ...AS_STORED, nickname: 'new' });
  });

  test('survives a client that parses doubles', async () => {
    const { id } = await stored();
    const { body } = await app.admin().get(`/admin/identities/${id}`).expect(200);
    const { traits, metadata_public, metadata_admin } = body;
    traits.nickname = 'new';
    traits.tags.unshift(5);
    await app.admin().put(`/admin/identities/${id}`).send({ traits, metadata_public, metadata_admin }).expect(200);
    expect(await textOf(id)).toMatchObject({ ...AS_STORED, nickname: 'new', tags: '[5, 18446744073709551617, 3]' });
  });

  test('is refused if two in a list look the same to such a client', async () => {
    const { id } = await stored({ tags: '[9007199254740993, 9007199254740991.9999]' });
    const { body } = await app.admin().get(`/admin/identities/${id}`).expect(200);
    body.traits.tags.unshift(5);
    const refused = await app.admin().put(`/admin/identities/${id}`).send({ traits: body.traits }).expect(400);
    expect(refused.body.error.reason).toContain('traits.tags[');
    expect((await textOf(id))['tags']).toBe('[9007199254740993, 9007199254740991.9999]');
  });

  test.each([
    ['a form that shows it', { 'traits.score': '9007199254740993', 'traits.nickname': 'new' }],
    ['a form with another spelling of it', { 'traits.score': '9007199254740993.0', 'traits.nickname': 'new' }],
  ])('outlives %s', async (_, fields) => {
    const person = await signedIn(await stored({ tags: '[]' }));
    await person.form({ method: 'profile', 'traits.email': person.email, ...fields }).expect(200);
    expect(Number((await textOf(person.id))['score'])).toBe(9007199254740992);
    expect((await textOf(person.id))['score']).toMatch(/^9007199254740993(\.0)?$/);
    expect((await textOf(person.id))['nickname']).toBe('new');
  });

  test.each([
    ['digits', (text: string) => text],
    ['doubles', (text: string) => JSON.stringify(JSON.parse(text))],
  ])('survives an application that sends %s', async (_, read) => {
    const person = await signedIn(await stored());
    const traits = read(/"traits":(\{.*?\}),"/.exec(person.flow.text)![1]!).replace('"ada"', '"new"');
    await person.submit(`{"method": "profile", "traits": ${traits}}`).expect(200);
    expect(await textOf(person.id)).toMatchObject({ ...AS_STORED, nickname: 'new' });
  });

  test('beyond all doubles: the person can still save', async () => {
    const digits = `1${'0'.repeat(400)}`;
    const person = await signedIn(await stored({ score: '1e400', tags: '[]' }));
    expect(person.flow.text).toContain(`"score":${digits}`);
    await person
      .form({ method: 'profile', 'traits.email': person.email, 'traits.score': digits, 'traits.nickname': 'new' })
      .expect(200);
    expect(await textOf(person.id)).toMatchObject({ score: digits, nickname: 'new' });
  });
});
