import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { begin, beginNative } from '../support/login-steps.js';
import { newPerson } from '../support/people.js';
import { field, person, signIn } from '../support/sign-in.js';

/* Whatever is sent, the answer is never a server error, and nothing invalid is accepted. */

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app.stop());

const RUNS = { numRuns: 150 };
const json = { 'content-type': 'application/json', accept: 'application/json' };

/** Texts known to cause trouble, among random ones in any script. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '\udfff\ud800',
    '__proto__',
    'constructor',
    'null',
    'undefined',
    'NaN',
    '1e400',
    '-0',
  ),
  fc.constantFrom(
    `' OR 1=1 --`,
    '%00',
    '%ff',
    '?',
    '$1',
    '\\',
    '\r\nx: y',
    '${x}',
    '{{x}}',
    '<script>',
    '\u202e',
    '\u200d',
    'İ',
    'ß',
  ),
  fc.uuid(),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, 1e308, [], {}, [[]], { $ne: null }),
);
const object = (...names: string[]): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(
      fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }),
      fc.dictionary(text, value, { maxKeys: 3 }),
    )
    .map(([known, unknown]) => ({ ...unknown, ...known }));

const query = fc.dictionary(fc.constantFrom('flow', 'id', 'token', 'return_to', 'aal', 'refresh', 'x'), text);

/** As a query string; text that can't be encoded is sent as a careless client would. */
const queryOf = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

/** Not `String`, because an object can have a `toString` that is not a function. */
const asField = (each: unknown): string => (typeof each === 'string' ? each : JSON.stringify(each));

async function post(path: string, body: unknown, headers: object = {}): Promise<{ status: number; text: string }> {
  const answer = await fetch(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { ...json, ...headers },
    redirect: 'manual',
  });
  return { status: answer.status, text: await answer.text() };
}

const asAdmin = () => ({ authorization: `Bearer ${app.pat}` });

describe('for administrators', () => {
  test('POST /admin/recovery/link', async () => {
    const { id } = await newPerson(app);
    const body = fc.tuple(object('identity_id', 'expires_in'), fc.boolean(), text);
    await fc.assert(
      fc.asyncProperty(body, async ([sent, known, returnTo]) => {
        const all = known ? { ...sent, identity_id: id } : sent;
        const path = `${app.adminUrl}/admin/recovery/link?${queryOf({ return_to: returnTo })}`;
        const { status, text: answer } = await post(path, all, asAdmin());
        expect([200, 400]).toContain(status);
        if (status === 200) {
          const { expires_at } = JSON.parse(answer) as { expires_at: string };
          const hours = (Date.parse(expires_at) - performance.timeOrigin - performance.now()) / 3_600_000;
          expect(hours).toBeGreaterThan(-0.1);
          expect(hours).toBeLessThan(72.1);
        }
      }),
      RUNS,
    );
  });

  test('POST /admin/identities', async () => {
    const known = object(
      'schema_id',
      'traits',
      'state',
      'external_id',
      'metadata_public',
      'credentials',
      'verifiable_addresses',
    );
    const traits = fc.record({ email: fc.oneof(text, fc.emailAddress()), name: value }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(known, traits, fc.boolean(), async (sent, own, plausible) => {
        const body = plausible ? { ...sent, traits: own, schema_id: 'person' } : sent;
        const { status } = await post(`${app.adminUrl}/admin/identities`, body, asAdmin());
        expect([201, 400, 409]).toContain(status);
      }),
      RUNS,
    );
  });

  test('POST /admin/access-tokens', async () => {
    await fc.assert(
      fc.asyncProperty(object('name', 'scopes', 'expires_in'), async (body) => {
        expect((await post(`${app.adminUrl}/admin/access-tokens`, body, asAdmin())).status).toBe(400);
      }),
      RUNS,
    );
  });

  test('every query of the lists', async () => {
    const names = fc.constantFrom(
      'page_size',
      'page_token',
      'credentials_identifier',
      'ids',
      'since',
      'until',
      'action',
      'identity_id',
      'state',
      'x',
    );
    const path = fc.constantFrom(
      '/admin/identities',
      '/admin/audit-events',
      '/admin/recovery/grants',
      '/admin/access-tokens',
    );
    await fc.assert(
      fc.asyncProperty(path, fc.dictionary(names, text), async (at, asked) => {
        const answer = await fetch(`${app.adminUrl}${at}?${queryOf(asked)}`, {
          headers: { ...asAdmin(), accept: 'application/json' },
        });
        await answer.arrayBuffer();
        expect([200, 400]).toContain(answer.status);
      }),
      RUNS,
    );
  });
});

describe('for everybody', () => {
  test('the submission of a login, as JSON and as a form', async () => {
    const agent = app.publicAgent();
    const flow = await begin(agent);
    const { id } = await beginNative(app);
    const form = object('method', 'identifier', 'password', 'csrf_token', 'password_identifier');
    await fc.assert(
      fc.asyncProperty(form, fc.boolean(), async (sent, plausible) => {
        const body = plausible ? { ...sent, method: 'password', password: 'wrong' } : sent;
        expect((await post(`${app.publicUrl}/self-service/login?flow=${id}`, body)).status).toBe(400);
        const fields = Object.entries(body).map(([key, each]) => [key, asField(each)] as [string, string]);
        const answer = await agent
          .post(`/self-service/login?flow=${flow.id}`)
          .type('form')
          .send(new URLSearchParams([...fields, ['csrf_token', field(flow, 'csrf_token') ?? '']]).toString());
        expect([303, 400]).toContain(answer.status);
        expect(String(answer.headers['set-cookie'] ?? '')).not.toContain('ory_kratos_session');
      }),
      { numRuns: 60 }, // each hashes
    );
  });

  test('the submission of settings', async () => {
    const somebody = await person(app);
    const token = { 'x-session-token': await signIn(app, somebody) };
    const began = await fetch(`${app.publicUrl}/self-service/settings/api`, { headers: token });
    const { id } = (await began.json()) as { id: string };
    const form = object(
      'method',
      'password',
      'traits',
      'traits.email',
      'traits.name.first',
      'traits.name',
      'csrf_token',
    );
    await fc.assert(
      fc.asyncProperty(form, fc.constantFrom('profile', 'password', undefined), async (sent, method) => {
        const body = { ...sent, ...(method === undefined ? {} : { method }) };
        const { status } = await post(`${app.publicUrl}/self-service/settings?flow=${id}`, body, token);
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 100 },
    );
  });

  test('every page URL, with any query', async () => {
    const paths = ['login', 'settings', 'recovery'].flatMap((flow) =>
      ['', '/browser', '/api', '/flows'].map((end) => `/self-service/${flow}${end}`),
    );
    const pages = ['confirm', 'recovery', 'settings', 'login', 'error', 'welcome'].map((page) => `/ui/${page}`);
    const others = ['/self-service/logout', '/self-service/logout/browser', '/self-service/errors', '/sessions/whoami'];
    const accept = fc.constantFrom('text/html', 'application/json', '*/*');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths, ...pages, ...others), query, accept, async (path, asked, kind) => {
        const answer = await fetch(`${app.publicUrl}${path}?${queryOf(asked)}`, {
          headers: { accept: kind },
          redirect: 'manual',
        });
        await answer.arrayBuffer();
        expect(answer.status).toBeLessThan(500);
        const location = answer.headers.get('location') ?? app.publicUrl;
        expect(new URL(location).origin).toBe(app.publicUrl);
      }),
      { numRuns: 300 },
    );
  });
});

test('and none of it caused an unexpected error', () => {
  expect(app.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});
