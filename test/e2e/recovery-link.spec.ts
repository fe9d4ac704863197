import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { newPerson } from '../support/people.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
afterAll(() => app.stop());

const create = (body: object, query = '') => app.admin().post(`/admin/recovery/link${query}`).send(body);

describe('POST /admin/recovery/link', () => {
  test('answers a link in the documented format and its expiry', async () => {
    const { id } = await newPerson(app);
    const answer = await create({ identity_id: id, expires_in: '12h' }).expect(200);
    const link = new URL(answer.body.recovery_link);
    expect(link.origin + link.pathname).toBe(`${app.publicUrl}/self-service/recovery`);
    expect(link.searchParams.get('token')).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(Date.parse(answer.body.expires_at) - Date.now()).toBeGreaterThan(11.9 * 3600e3);
    expect(answer.headers['cache-control']).toContain('no-store');
  });

  test('stores only a digest of the token', async () => {
    const { id } = await newPerson(app);
    const { body } = await create({ identity_id: id }).expect(200);
    const token = new URL(body.recovery_link).searchParams.get('token')!;
    const rows = await app.sql<{ grants: string; flows: string }>(
      'SELECT (SELECT string_agg(g::text, $1) FROM recovery_grant g) AS grants, (SELECT string_agg(f::text, $1) FROM recovery_flow f) AS flows',
      ['\n'],
    );
    expect(rows[0]!.grants).toContain(id);
    expect(rows[0]!.grants + rows[0]!.flows).not.toContain(token);
  });

  test('writes flow, grant and audit event together, with who requested it and why', async () => {
    const { id } = await newPerson(app);
    await app
      .admin()
      .post('/admin/recovery/link')
      .set('x-regain-reason', 'lost phone')
      .set('x-regain-ticket', 'DESK-7')
      .send({ identity_id: id })
      .expect(200);
    const events = await app.sql<Record<string, unknown>>(
      `SELECT e.actor_type, e.action, e.reason, e.ticket, g.identity_id FROM audit_event e JOIN recovery_grant g ON g.id = e.grant_id WHERE e.target_id = $1`,
      [id],
    );
    expect(events).toEqual([
      {
        actor_type: 'access_token',
        action: 'recovery.link.created',
        reason: 'lost phone',
        ticket: 'DESK-7',
        identity_id: id,
      },
    ]);
  });

  test.each([
    [
      'an unknown identity',
      { identity_id: 'b0000000-0000-4000-8000-00000000000b' },
      'The requested identity id does not exist.',
    ],
    ['no identity', {}, 'The requested identity id does not exist.'],
    ['a malformed identity id', { identity_id: 'x' }, 'identity_id must be a UUID.'],
    ['an object as identity id', { identity_id: { $ne: 1 } }, 'identity_id must be a UUID.'],
    [
      'a malformed duration',
      { expires_in: 'tomorrow' },
      'Unable to parse "expires_in" as a duration string (e.g. "1h", "1m30s", "500ms"): tomorrow',
    ],
    [
      'a duration that overflows',
      { expires_in: '9999999999h' },
      'Unable to parse "expires_in" as a duration string (e.g. "1h", "1m30s", "500ms"): 9999999999h',
    ],
    ['a time in the past', { expires_in: '-1h' }, 'Value from "expires_in" must be result to a future time: -1h'],
    ['no time at all', { expires_in: '0s' }, 'Value from "expires_in" must be result to a future time: 0s'],
    ['a number', { expires_in: 12 }, 'expires_in must be a string such as "12h".'],
    [
      'longer than the cap',
      { expires_in: '73h' },
      'Value from "expires_in" must not be longer than 72h0m0s (regain.recovery.max_expires_in).',
    ],
  ])('refuses %s and writes nothing', async (_name, body, reason) => {
    const { id } = await newPerson(app);
    const before = await app.sql('SELECT id FROM recovery_flow');
    const answer = await create(
      'identity_id' in body || Object.keys(body).length === 0 ? body : { identity_id: id, ...body },
    ).expect(400);
    expect(answer.body.error.reason).toBe(reason);
    expect(await app.sql('SELECT id FROM recovery_flow')).toHaveLength(before.length);
  });

  test.each([
    [
      'empty',
      '',
      'application/json',
      'Unable to decode HTTP Request Body because its HTTP Header "Content-Length" is zero.',
    ],
    ['not JSON', '{', 'application/json', 'Unable to decode JSON payload: it is not valid JSON.'],
    ['an array', '[]', 'application/json', 'Unable to decode JSON payload: the body must be a JSON object.'],
    ['null', 'null', 'application/json', 'Unable to decode JSON payload: the body must be a JSON object.'],
    [
      'plain text',
      '{}',
      'text/plain',
      'HTTP POST Request used unknown HTTP Header "Content-Type: text/plain", only [application/json] are supported.',
    ],
    [
      'with __proto__',
      '{"__proto__":{}}',
      'application/json',
      'Unable to decode JSON payload: the key "__proto__" is not allowed.',
    ],
    [
      'with a NUL',
      '{"identity_id":"\\u0000"}',
      'application/json',
      'Unable to decode JSON payload: a string contains a NUL character or a lone surrogate.',
    ],
    [
      'too deep',
      `${'['.repeat(100_000)}`,
      'application/json',
      'Unable to decode JSON payload: it is nested deeper than 64 levels.',
    ],
  ])('refuses a body that is %s', async (_name, body, type, reason) => {
    const answer = await fetch(`${app.adminUrl}/admin/recovery/link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.pat}`, 'content-type': type },
      body,
    });
    expect({
      status: answer.status,
      reason: ((await answer.json()) as { error: { reason: string } }).error.reason,
    }).toEqual({ status: 400, reason });
  });

  test('refuses a return_to outside the allow-list', async () => {
    const { id } = await newPerson(app);
    const answer = await create(
      { identity_id: id },
      `?return_to=${encodeURIComponent('https://evil.example.net/')}`,
    ).expect(400);
    expect(answer.body.error.id).toBe('self_service_flow_return_to_forbidden');
  });

  test('is built from the configured base URL, whatever the headers say', async () => {
    const { id } = await newPerson(app);
    const answer = await app
      .admin()
      .post('/admin/recovery/link')
      .set('host', 'evil.example')
      .set('x-forwarded-host', 'evil.example')
      .set('x-forwarded-proto', 'https')
      .set('x-forwarded-prefix', '/evil')
      .set('forwarded', 'host=evil.example;proto=https')
      .set('x-original-url', 'https://evil.example/')
      .send({ identity_id: id })
      .expect(200);
    expect(answer.body.recovery_link).toMatch(new RegExp(`^${app.publicUrl}/self-service/recovery\\?flow=`));
  });

  test('answers 405 for another method and 404 for a neighbouring path', async () => {
    const wrong = await app.admin().get('/admin/recovery/link').expect(405);
    expect(wrong.headers['allow']).toBe('POST');
    await app.admin().get('/admin/recovery/nothing').expect(404);
  });

  test('works under the documentation’s prefixes on the admin listener only', async () => {
    const { id } = await newPerson(app);
    for (const prefix of ['/api/kratos/admin', '/api/kratos/admin/admin']) {
      await app.admin().post(`${prefix}/recovery/link`).send({ identity_id: id }).expect(200);
      await app
        .publicAgent()
        .post(`${prefix}/recovery/link`)
        .set('authorization', `Bearer ${app.pat}`)
        .send({ identity_id: id })
        .expect(404);
    }
  });
});

describe('grants', () => {
  test('are listed by identity and state, without any secret', async () => {
    const { id } = await newPerson(app);
    const { body } = await create({ identity_id: id }).expect(200);
    const list = await app.admin().get(`/admin/recovery/grants?identity_id=${id}&state=active`).expect(200);
    expect(list.body).toHaveLength(1);
    expect(list.body[0]).toMatchObject({
      kind: 'link',
      state: 'active',
      identity_id: id,
      issued_by_type: 'access_token',
      used_at: null,
    });
    expect(JSON.stringify(list.body)).not.toContain(new URL(body.recovery_link).searchParams.get('token'));
    expect((await app.admin().get(`/admin/recovery/grants?identity_id=${id}&state=used`).expect(200)).body).toEqual([]);
  });

  test('are revoked once, and the link is dead from then on', async () => {
    const { id } = await newPerson(app);
    await create({ identity_id: id }).expect(200);
    const [grant] = (await app.admin().get(`/admin/recovery/grants?identity_id=${id}`)).body as { id: string }[];
    await app.admin().delete(`/admin/recovery/grants/${grant!.id}`).expect(204);
    await app.admin().delete(`/admin/recovery/grants/${grant!.id}`).expect(204);
    expect((await app.admin().get(`/admin/recovery/grants/${grant!.id}`).expect(200)).body.state).toBe('revoked');
    expect(
      await app.sql(`SELECT id FROM audit_event WHERE action = 'recovery.grant.revoked' AND grant_id = $1`, [
        grant!.id,
      ]),
    ).toHaveLength(1);
  });

  test('come a page at a time, newest first, each once', async () => {
    const { id } = await newPerson(app);
    for (let i = 0; i < 5; i++) await create({ identity_id: id }).expect(200);
    const seen: string[] = [];
    let path: string | undefined = `/admin/recovery/grants?identity_id=${id}&page_size=2`;
    while (path !== undefined) {
      const answer: { body: { id: string }[]; headers: Record<string, string> } = await app
        .admin()
        .get(path)
        .expect(200);
      expect(answer.body.length).toBeLessThanOrEqual(2);
      seen.push(...answer.body.map((grant) => grant.id));
      const next: string | undefined = /<([^>]+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1];
      path = next?.slice(new URL(next).origin.length);
    }
    const newest = 'SELECT id FROM recovery_grant WHERE identity_id = $1 ORDER BY created_at DESC, id DESC';
    expect(seen).toEqual((await app.sql<{ id: string }>(newest, [id])).map((grant) => grant.id));
  });

  test('a page token only works with its own filters', async () => {
    const { id } = await newPerson(app);
    for (let i = 0; i < 2; i++) await create({ identity_id: id }).expect(200);
    const { headers } = await app.admin().get(`/admin/recovery/grants?identity_id=${id}&page_size=1`).expect(200);
    const token = /page_token=([^&>]+)/.exec(headers['link']!)![1]!;
    await app.admin().get(`/admin/recovery/grants?identity_id=${id}&page_token=${token}`).expect(200);
    for (const question of ['', `identity_id=${id}&state=active&`])
      await app.admin().get(`/admin/recovery/grants?${question}page_token=${token}`).expect(400);
  });

  test('refuse unsupported filters', async () => {
    for (const size of ['0', '1001', 'x'])
      await app.admin().get(`/admin/recovery/grants?page_size=${size}`).expect(400);
    await app.admin().get('/admin/recovery/grants?state=odd').expect(400);
    await app.admin().get('/admin/recovery/grants?identity_id=odd').expect(400);
    await app.admin().get('/admin/recovery/grants/odd').expect(404);
    await app.admin().delete('/admin/recovery/grants/b0000000-0000-4000-8000-00000000000b').expect(404);
    await app
      .admin(await app.token('recovery:issue'))
      .delete('/admin/recovery/grants/odd')
      .expect(403);
  });
});
