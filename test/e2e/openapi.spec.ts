import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RouteTable } from '../../src/platform/http/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Document, DocumentSchemas, operationsOf } from '../support/openapi.js';

interface Answer {
  status: number;
  type: string;
  body: Record<string, unknown>;
}

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse battery staple';
const NOBODY = 'b0000000-0000-4000-8000-00000000000b';

let app: TestApp;
let document: Document;
let schemas: DocumentSchemas;
let identityId: string;
beforeAll(async () => {
  app = await startTestApp();
  document = (await app.anonymousAdmin().get('/openapi.json')).body as Document;
  schemas = new DocumentSchemas(document);
  const credentials = { password: { config: { password: PASSWORD } } };
  const created = await admin('POST /admin/identities', { schema_id: 'person', traits: { email: EMAIL }, credentials });
  identityId = String(created.body['id']);
});
afterAll(() => app.stop());

/** Sends the request, and fails if the answer's status, media type or body is not in the document. */
async function admin(operation: string, body?: object, path?: string, token?: string): Promise<Answer> {
  const [method, template] = operation.split(' ') as [string, string];
  const agent = token === '' ? app.anonymousAdmin() : app.admin(token);
  const sent = agent[method.toLowerCase() as 'get'](path ?? template);
  return documented(operation, (await (body === undefined ? sent : sent.send(body))) as Answer);
}

async function open(
  operation: string,
  { query = '', body, headers = {} }: { query?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const [method, path] = operation.split(' ') as [string, string];
  const agent = app.publicAgent();
  const sent = agent[method.toLowerCase() as 'get'](`${path}${query}`).set({ accept: 'application/json', ...headers });
  return documented(operation, (await (body === undefined ? sent : sent.send(body))) as Answer);
}

function documented(operation: string, answer: Answer): Answer {
  const [method = '', path = ''] = operation.split(' ');
  const responses = document.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  expect(Object.keys(responses), `${operation} says what it answers`).toContain(String(answer.status));
  const content = responses[String(answer.status)]!.content;
  if (content === undefined) return answer;
  expect(Object.keys(content), operation).toContain(answer.type);
  const pointer = [
    '#',
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    answer.status,
    'content',
    answer.type,
    'schema',
  ];
  const escaped = pointer.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  expect(schemas.complaints(escaped, answer.body), `${operation} ${answer.status}`).toEqual([]);
  return answer;
}

describe('the router and the document', () => {
  /** For people and for the documentation itself; every other route must be described. */
  const UNDOCUMENTED = /^\/(ui|docs|docs-json|docs-yaml)(\/|$)|^\/openapi\.json$|^\*$|^\/\*$|^\/admin(\/\*?)?$/;
  const template = (url: string): string => url.replaceAll(/:([^/]+)/g, '{$1}');
  const registered = (): string[] =>
    app
      .get(RouteTable)
      .all()
      .filter(({ method, url }) => method !== 'HEAD' && !UNDOCUMENTED.test(url))
      .map(({ method, url }) => `${method} ${template(url)}`);

  test('have the same operations', () => {
    const described = operationsOf(document).map(({ name }) => name);
    expect([...new Set(registered())].sort()).toEqual(described.sort());
  });

  test('place an operation on the listener that answers it', () => {
    const wrong = operationsOf(document).filter(({ path }) => {
      const [first] = document.paths[path]!['servers'] as unknown as { url: string }[];
      const route = app
        .get(RouteTable)
        .all()
        .find(({ url }) => template(url) === path)!;
      return first!.url !== (route.audience === 'public' ? app.publicUrl : app.adminUrl);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

describe('the admin API answers as documented', () => {
  test('recovery links', async () => {
    const link = 'POST /admin/recovery/link';
    expect((await admin(link, { identity_id: identityId, expires_in: '12h' })).status).toBe(200);
    expect((await admin(link, { identity_id: identityId, expires_in: 'soon' })).status).toBe(400);
    expect((await admin(link, {}, link.split(' ')[1], '')).status).toBe(401);
    expect((await admin(link, {}, undefined, await app.token('identity:read'))).status).toBe(403);
    expect((await admin('POST /admin/recovery/code', { identity_id: identityId })).status).toBe(404);
    const grants = await admin('GET /admin/recovery/grants');
    const grant = (grants.body as unknown as { id: string }[])[0]!.id;
    expect((await admin('GET /admin/recovery/grants/{id}', undefined, `/admin/recovery/grants/${grant}`)).status).toBe(
      200,
    );
    expect(
      (await admin('DELETE /admin/recovery/grants/{id}', undefined, `/admin/recovery/grants/${grant}`)).status,
    ).toBe(204);
    expect((await admin('GET /admin/recovery/grants/{id}', undefined, `/admin/recovery/grants/${NOBODY}`)).status).toBe(
      404,
    );
  });

  test('identities', async () => {
    const full = {
      traits: { email: 'grace@example.com' },
      external_id: 'crm-1',
      metadata_public: ['any', 'json'],
      metadata_admin: { crm: 7 },
      verifiable_addresses: [{ value: 'grace@example.com', via: 'email', verified: true, status: 'completed' }],
    };
    const grace = await admin('POST /admin/identities', full);
    expect(grace.status).toBe(201);
    expect((await admin('POST /admin/identities', full)).status).toBe(409);
    expect((await admin('POST /admin/identities', { traits: { email: 7 } })).status).toBe(400);
    expect((await admin('GET /admin/identities')).body).toHaveLength(2);
    const one = `/admin/identities/${identityId}?include_credential=password`;
    expect((await admin('GET /admin/identities/{id}', undefined, one)).body).toHaveProperty(
      'credentials.password.config',
    );
    const byExternal = '/admin/identities/by/external/crm-1';
    expect((await admin('GET /admin/identities/by/external/{externalId}', undefined, byExternal)).status).toBe(200);
    expect((await admin('GET /admin/identities/{id}', undefined, `/admin/identities/${NOBODY}`)).status).toBe(404);
    const gone = `/admin/identities/${String(grace.body['id'])}`;
    expect((await admin('DELETE /admin/identities/{id}', undefined, gone)).status).toBe(204);
  });

  test('access tokens and audit events', async () => {
    const made = await admin('POST /admin/access-tokens', { name: 'desk', scopes: ['audit:read'], expires_in: '1h' });
    expect(made.status).toBe(201);
    expect((await admin('POST /admin/access-tokens', { name: '', scopes: [] })).status).toBe(400);
    expect((await admin('GET /admin/access-tokens')).body).not.toEqual([]);
    const revoked = `/admin/access-tokens/${String(made.body['id'])}`;
    expect((await admin('DELETE /admin/access-tokens/{id}', undefined, revoked)).status).toBe(204);
    expect((await admin('GET /admin/audit-events')).body).not.toEqual([]);
    expect((await admin('GET /admin/audit-events', undefined, '/admin/audit-events?since=yesterday')).status).toBe(400);
  });

  test('probes and schemas', async () => {
    for (const path of ['/health/alive', '/health/ready', '/version', '/admin/version', '/schemas']) {
      expect((await admin(`GET ${path}`)).status).toBe(200);
    }
    expect((await admin('GET /schemas/{id}', undefined, '/schemas/person')).status).toBe(200);
    expect((await admin('GET /schemas/{id}', undefined, '/schemas/nope')).status).toBe(404);
  });
});

describe('the public API answers as documented', () => {
  const started = async (operation: string, headers = {}): Promise<string> => {
    const flow = await open(operation, { headers });
    expect(flow.status).toBe(200);
    return String(flow.body['id']);
  };
  const signIn = async (password: string): Promise<Answer> => {
    const flow = await started('GET /self-service/login/api');
    const body = { method: 'password', identifier: EMAIL, password };
    return open('POST /self-service/login', { query: `?flow=${flow}`, body });
  };

  test('signing in and out', async () => {
    expect((await signIn('wrong password')).status).toBe(400);
    const { body, status } = await signIn(PASSWORD);
    expect(status).toBe(200);
    const session = { 'x-session-token': String(body['session_token']) };
    expect((await open('GET /sessions/whoami', { headers: session })).status).toBe(200);
    const ended = { session_token: session['x-session-token'] };
    expect((await open('DELETE /self-service/logout/api', { body: ended })).status).toBe(204);
    expect((await open('DELETE /self-service/logout/api', { body: { session_token: 'unknown' } })).status).toBe(403);
    expect((await open('GET /sessions/whoami', { headers: session })).status).toBe(401);
    expect((await open('GET /self-service/logout/browser')).status).toBe(401);
    expect(
      (await open('POST /self-service/login', { query: `?flow=${NOBODY}`, body: { method: 'password' } })).status,
    ).toBe(404);
    expect((await open('GET /self-service/login/flows', { query: `?id=${NOBODY}` })).status).toBe(404);
  });

  test('settings', async () => {
    const { body } = await signIn(PASSWORD);
    const headers = { 'x-session-token': String(body['session_token']) };
    const flow = await started('GET /self-service/settings/api', headers);
    expect((await open('GET /self-service/settings/flows', { query: `?id=${flow}`, headers })).status).toBe(200);
    const submit = (values: object): Promise<Answer> =>
      open('POST /self-service/settings', { query: `?flow=${flow}`, headers, body: values });
    expect((await submit({ method: 'password', password: 'short' })).status).toBe(400);
    for (const password of [`${PASSWORD} anew`, PASSWORD])
      expect((await submit({ method: 'password', password })).status).toBe(200);
    await app.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '2 hours'`);
    const old = await submit({ method: 'password', password: PASSWORD });
    expect(old.status).toBe(403);
    expect(old.body).toHaveProperty('redirect_browser_to');
    await app.sql(`UPDATE settings_flow SET expires_at = clock_timestamp() - interval '1 minute' WHERE id = $1`, [
      flow,
    ]);
    expect((await open('GET /self-service/settings/flows', { query: `?id=${flow}`, headers })).status).toBe(410);
    expect((await submit({ method: 'password', password: PASSWORD })).status).toBe(410);
    expect((await open('GET /self-service/settings/api')).status).toBe(401);
  });

  test('recovery', async () => {
    const flow = await started('GET /self-service/recovery/api');
    await started('GET /self-service/recovery/browser');
    expect((await open('GET /self-service/recovery/flows', { query: `?id=${flow}` })).status).toBe(200);
    expect((await open('GET /self-service/recovery/flows', { query: `?id=${NOBODY}` })).status).toBe(404);
    const made = await admin('POST /admin/recovery/link', { identity_id: identityId });
    const { search } = new URL(String(made.body['recovery_link']));
    const followed = await open('GET /self-service/recovery', { query: search });
    expect(followed.status).toBe(422);
    expect(followed.body).toHaveProperty('redirect_browser_to');
    expect((await open('GET /self-service/recovery', { query: '?flow=x&token=y' })).status).toBeOneOf([400, 303]);
  });

  test('errors', async () => {
    const lost = await app
      .publicAgent()
      .get(`/self-service/recovery?flow=${NOBODY}&token=gone`)
      .set('accept', 'text/html');
    const page = lost.headers['location'] ?? '';
    expect(page).toContain('/ui/');
    expect((await open('GET /self-service/errors', { query: `?id=${NOBODY}` })).status).toBe(404);
  });
});

describe('Swagger UI', () => {
  test('is on the admin listener, without a token, with its own policy', async () => {
    const page = await fetch(`${app.adminUrl}/docs`);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ${app.adminUrl} ${app.publicUrl};`);
    expect((await fetch(`${app.adminUrl}/version`)).headers.get('content-security-policy')).toBeNull();
  });

  test.each(['/docs', '/docs/swagger-ui.css', '/openapi.json', '/docs-yaml', '/docs-json'])(
    'is neither on the public listener nor under the documentation’s prefix: %s',
    async (path) => {
      const paths = [path, `/api/kratos/public${path}`, `/api/kratos/admin${path}`, `/api/kratos/admin/admin${path}`];
      for (const each of paths) expect([each, (await fetch(`${app.publicUrl}${each}`)).status]).toEqual([each, 404]);
    },
  );
});
