import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let parity: TestApp;
const config = {
  selfservice: {
    allowed_return_urls: ['https://app.example.org/foo'],
    default_browser_return_url: 'https://www.example.org/',
  },
};
beforeAll(async () => {
  app = await startTestApp({ config });
  parity = await startTestApp({ config, parity: true });
});
afterAll(() => Promise.all([app.stop(), parity.stop()]));

const TRICKS = [
  '//evil.com',
  '/\\evil.com',
  'https:evil.com',
  'https:///evil.com',
  'http:///evil.com',
  'https://app.example.org@evil.com/foo',
  'https://app.example.org%40evil.com/foo',
  'https://app.example.org.evil.com/foo',
  'https://evil.com#@app.example.org/foo',
  '\thttps://evil.com',
  'ht\ntps://evil.com',
  'https://evil\u3002com',
  'https://app.example.org:8443/foo',
  'https://app.example.org/foo/../bar',
  'https://app.example.org/foo/..%2f..%2fadmin',
  'https://app.example.org/foo/%252e%252e/bar',
  'https://app.example.org/foo\r\nSet-Cookie: a=b',
  'https://app.example.org/foo\0',
  'javascript:alert(1)',
  'data:text/html,hello',
];

let made = 0;

/** Every endpoint that accepts a return_to: its answers to all kinds of callers. */
async function doors(at: TestApp) {
  const email = `return${++made}@example.com`;
  const password = 'correct horse battery staple';
  const credentials = { password: { config: { password } } };
  const { body } = await at
    .admin()
    .post('/admin/identities')
    .send({ schema_id: 'person', traits: { email }, credentials })
    .expect(201);
  const begin = (await at.publicAgent().get('/self-service/login/api').expect(200)).body as { id: string };
  const login = await at
    .publicAgent()
    .post(`/self-service/login?flow=${begin.id}`)
    .send({ method: 'password', identifier: email, password })
    .expect(200);
  const token = login.body.session_token as string;
  return [
    (query: string) =>
      at
        .admin()
        .post(`/admin/recovery/link?${query}`)
        .send({ identity_id: body.id as string }),
    (query: string) => at.publicAgent().get(`/self-service/settings/browser?${query}`).set('x-session-token', token),
    (query: string) => at.publicAgent().get(`/self-service/settings/api?${query}`).set('x-session-token', token),
    (query: string) => at.publicAgent().get(`/self-service/login/browser?${query}`),
    (query: string) =>
      at.publicAgent().get(`/self-service/login/browser?refresh=true&${query}`).set('x-session-token', token),
    (query: string) => at.publicAgent().get(`/self-service/recovery/browser?${query}`),
  ];
}

const query = (target: string): string => `return_to=${encodeURIComponent(target)}`;

describe.each([
  ['strictly', () => app],
  ['by prefix', () => parity],
])('%s', (_, at) => {
  test.each([
    ...TRICKS.map((target) => [JSON.stringify(target), target]),
    ['8 KB', `https://app.example.org/foo/${'a'.repeat(8192)}`],
  ])('%s is refused at every endpoint', async (_name, target) => {
    for (const door of await doors(at())) {
      const answer = await door(query(target!)).set('accept', 'application/json');
      // A NUL is refused before the target is checked.
      const id = target!.includes('\0')
        ? (answer.body.error?.id ?? undefined)
        : 'self_service_flow_return_to_forbidden';
      expect([answer.status, answer.body.error?.id, answer.headers['location']]).toEqual([400, id, undefined]);
    }
  });

  test('a person in a browser sees our error page, never the URL', async () => {
    for (const door of (await doors(at())).slice(3)) {
      const answer = await door(query('https://evil.com/')).set('accept', 'text/html').expect(303);
      expect(answer.headers['location']).toMatch(new RegExp(`^${at().publicUrl}/ui/error\\?id=[0-9a-f-]{36}$`));
    }
  });

  test('an allowed URL is accepted at every endpoint; of several the first one counts', async () => {
    for (const door of await doors(at())) {
      expect((await door(query('https://app.example.org/foo/bar')).set('accept', 'application/json')).status).toBe(200);
      const twice = [query('https://app.example.org/foo'), query('https://evil.com/')];
      expect((await door(twice.join('&')).set('accept', 'application/json')).status).toBe(200);
      expect((await door(twice.reverse().join('&')).set('accept', 'application/json')).status).toBe(400);
      const array = `return_to[]=${encodeURIComponent('https://evil.com/')}`;
      const answer = await door(array).set('accept', 'application/json').expect(200);
      expect(answer.body).not.toHaveProperty('return_to');
    }
  });

  test('empty counts as absent', async () => {
    for (const door of await doors(at()))
      expect((await door('return_to=').set('accept', 'application/json')).status).toBe(200);
  });
});

test('a longer last segment is only accepted in Kratos’ mode', async () => {
  const target = query('https://app.example.org/foobar');
  for (const door of await doors(app)) expect((await door(target).set('accept', 'application/json')).status).toBe(400);
  for (const door of await doors(parity))
    expect((await door(target).set('accept', 'application/json')).status).toBe(200);
});

const FLOWS = ['login', 'recovery'] as const;
const begun = (at: TestApp, kind: (typeof FLOWS)[number], target: string) =>
  at.publicAgent().get(`/self-service/${kind}/browser?${target}`).set('accept', 'application/json').expect(200);

test.each([
  'HTTPS://APP.example.org:443/foo?a=b',
  'https://app.example.org/foo/ü?für=ж#é',
  'https://app.example.org/foo/日本',
  '/after',
])('a flow shows the URL as it was given: %s', async (target) => {
  for (const kind of FLOWS) expect((await begun(app, kind, query(target))).body.return_to).toBe(target);
});
