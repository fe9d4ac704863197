import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RegisteredRoute, RouteTable } from '../../src/platform/http/index.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let routes: readonly RegisteredRoute[];
beforeAll(async () => {
  app = await startTestApp();
  const writing = ['POST', 'PUT', 'PATCH', 'DELETE'];
  routes = app
    .get(RouteTable)
    .all()
    .filter(({ method, url }) => writing.includes(method) && !url.includes('*') && url !== '/admin');
});
afterAll(async () => app.stop());

const UNKNOWN = '8d0b6a3e-5c0f-4f1f-9a44-6f6f0d1c2b3a';
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** JSON bodies that every route must refuse without failing. */
const HOSTILE: [string, string | Buffer][] = [
  ['nothing', ''],
  ['no JSON', '{"a"'],
  ['two documents', '{}{}'],
  ['a list', '[]'],
  ['a text', '"text"'],
  ['null', 'null'],
  [
    'a NUL in a text',
    '{"identity_id":"\\u0000","name":"\\u0000","session_token":"\\u0000","traits":{"email":"\\u0000"}}',
  ],
  ['a NUL in a key', '{"a\\u0000":1}'],
  ['a raw NUL', '{"a":"\0"}'],
  ['a lone surrogate', '{"identity_id":"\\ud800","identifier":"\\udc00"}'],
  ['a lone surrogate in a key', '{"\\ud800":1}'],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['overlong UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
  ['an encoded surrogate', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  ['100 levels', deep(100)],
  ['100,000 levels', deep(100_000)],
  ['a number that is too large', '{"identity_id":1e400,"expires_in":1e400,"metadata_public":1e400}'],
  ['a prototype', '{"__proto__":{"admin":true}}'],
  ['a prototype within', '{"traits":{"__proto__":{"admin":true}}}'],
  ['an escaped prototype', '{"\\u005f_proto__":{"admin":true}}'],
];

/** Wrong types under known names; none may cause a server error. */
const CONFUSED: [string, string][] = [
  [
    'a constructor',
    '{"constructor":{"constructor":1},"identity_id":{"constructor":1},"session_token":{"constructor":"x"}}',
  ],
  [
    'constructors in lists',
    '{"scopes":[{"constructor":"x"}],"name":{"constructor":1},"credentials":{"constructor":1}}',
  ],
  ['operators', '{"identity_id":{"$ne":1},"session_token":{"$gt":""},"expires_in":["1h"],"name":{"$ne":null}}'],
  ['duplicate keys', '{"identity_id":"a","identity_id":{"x":1},"name":"a","name":["b"]}'],
  ['a long duration', `{"identity_id":"${UNKNOWN}","expires_in":"${'9'.repeat(200)}h"}`],
  ['an overflowing duration', `{"identity_id":"${UNKNOWN}","expires_in":"9223372036854775807h"}`],
  ['methods of objects', '{"toString":1,"valueOf":1,"hasOwnProperty":1,"then":1,"toJSON":1,"method":"toString"}'],
];

const FORMS: [string, string | Buffer][] = [
  ['a NUL', 'method=password&identifier=%00&password=%00&token=%00&flow=%00'],
  ['bytes that are not UTF-8', Buffer.from([0x61, 0x3d, 0xff])],
  ['a thousand and one fields', Array.from({ length: 1_001 }, (_, i) => `f${i}=1`).join('&')],
  ['a prototype', '__proto__=1&__proto__.admin=1&constructor=1&traits.__proto__.x=1&method=profile'],
  ['lists', 'method[]=password&method[a]=b&traits[email]=x'],
];

async function send(
  route: RegisteredRoute,
  type: string,
  body: string | Buffer,
): Promise<{ status: number; text: string }> {
  const base = route.audience === 'public' ? app.publicUrl : app.adminUrl;
  const path = route.url.replaceAll(/:[^/]+/g, UNKNOWN);
  const answer = await fetch(`${base}${path}?flow=${UNKNOWN}&id=${UNKNOWN}`, {
    method: route.method,
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': type, accept: 'application/json', authorization: `Bearer ${app.pat}` },
    redirect: 'manual',
  });
  return { status: answer.status, text: await answer.text() };
}

async function refusedEverywhere(type: string, body: string | Buffer, least = 400): Promise<void> {
  for (const route of routes) {
    const { status, text } = await send(route, type, body);
    const what = `${route.method} ${route.url}: ${text.slice(0, 200)}`;
    expect([what, status >= least && status < 500]).toEqual([what, true]);
    expect(text).not.toMatch(/at .*\.(ts|js):\d|node_modules|SELECT |INSERT /);
  }
}

describe('every route with a body refuses', () => {
  test('there are such routes', () => {
    expect(routes.map(({ method, url }) => `${method} ${url}`)).toEqual(
      expect.arrayContaining(['POST /admin/recovery/link', 'POST /self-service/login', 'POST /self-service/settings']),
    );
  });

  test.each(HOSTILE)('JSON: %s', async (_, body) => refusedEverywhere('application/json', body));
  test.each(CONFUSED)('or ignores, JSON: %s', async (_, body) => refusedEverywhere('application/json', body, 200));
  test.each(FORMS)('a form: %s', async (_, body) => refusedEverywhere('application/x-www-form-urlencoded', body));

  test.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'a',
    ';',
    'application/json, text/html',
  ])('the media type %s', async (type) => refusedEverywhere(type, '{"method":"password","identity_id":"x"}'));

  test('and leaves nothing in this process’s prototypes', () => {
    expect(Reflect.get({}, 'admin')).toBe(undefined);
    expect(Reflect.get({}, 'x')).toBe(undefined);
  });
});

describe('values that cannot be stored are refused, not changed', () => {
  /* JavaScript reads 1e400 as Infinity, which was stored as null. */
  test.each(['1e400', '-1e400', '[1e999]', '{"n":1e400}'])('the number in metadata %s', async (number) => {
    const body = `{"traits":{"email":"n@example.com"},"metadata_public":${number}}`;
    const answer = await app.admin().post('/admin/identities').set('content-type', 'application/json').send(body);
    expect(answer.status).toBe(400);
  });

  test.each([
    `'); DROP TABLE identity; --`,
    `\\'; SELECT pg_sleep(5); --`,
    '? ?? $1 ${x} :name @p',
    `E'\\\\' || "x" \u2028 \u202e \u00a0`,
    '%s %1$s {0} {{7*7}} #{7*7} <script>alert(1)</script>',
    'a\r\nset-cookie: x=y',
  ])('and a text is returned unchanged: %s', async (text) => {
    const traits = {
      email: `t${Buffer.from(text).toString('hex').slice(0, 40)}@example.com`,
      name: { first: text.slice(0, 60) },
    };
    const sent = { traits, external_id: text, metadata_public: { [text]: text }, metadata_admin: [text] };
    const created = await app.admin().post('/admin/identities').send(sent).expect(201);
    const { id } = created.body as { id: string };
    const read = await app.admin().get(`/admin/identities/${id}`).expect(200);
    expect(read.body).toMatchObject(sent);
    expect(await app.sql('SELECT external_id FROM identity WHERE id = $1', [id])).toEqual([{ external_id: text }]);
  });
});
