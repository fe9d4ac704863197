import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RegisteredRoute, RouteTable } from '../../src/platform/http/index.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let routes: readonly RegisteredRoute[];
beforeAll(async () => {
  app = await startTestApp();
  routes = app.get(RouteTable).all();
});
afterAll(async () => app.stop());

const MISSING = 'Bearer realm="admin"';
const INVALID = 'Bearer realm="admin", error="invalid_token"';
const MALFORMED = 'Bearer realm="admin", error="invalid_request"';
const NOBODY = 'b0000000-0000-4000-8000-00000000000b';
/** What the admin listener answers without a token; this list is complete. */
const OPEN = /^(\/admin)?\/(health\/(alive|ready)|version)$|^\/openapi\.json$|^\/docs(\/|-|$)|^\/schemas(\/|$)/;

interface Reply {
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Sends exactly this path and these headers, without a client normalizing them. */
function send(base: string, method: string, path: string, headers: string[] = [], body?: string): Promise<Reply> {
  const { hostname, port, host } = new URL(base);
  // Fastify answers a QUERY without a media type with 400 before it looks for a route, so it gets one.
  const content = body ?? (method === 'QUERY' ? '' : undefined);
  const described = content !== undefined && !headers.includes('content-type');
  const media = described
    ? ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(content))]
    : [];
  return new Promise((done, fail) => {
    const request = httpRequest({ hostname, port, method, path, headers: ['host', host, ...media, ...headers] });
    request.on('error', fail).on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => done({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    request.end(content);
  });
}

const bearer = (token: string): string[] => ['authorization', `Bearer ${token}`];
const filled = ({ url }: RegisteredRoute): string =>
  url.replaceAll(/:[^/]+/g, '8d0b6a3e-5c0f-4f1f-9a44-6f6f0d1c2b3a').replaceAll('*', 'nowhere');
const guarded = (): RegisteredRoute[] => routes.filter(({ audience }) => audience === 'admin');
const name = ({ method, url }: RegisteredRoute): string => `${method} ${url}`;

describe('every registered route', () => {
  test('is guarded, public, or on the list of open ones', () => {
    const open = routes.filter(
      ({ audience, url }) => audience !== 'admin' && audience !== 'public' && url !== '*' && url !== '/*',
    );
    expect(open.filter(({ url }) => !OPEN.test(url)).map(name)).toEqual([]);
    expect(guarded().length).toBeGreaterThan(5);
  });

  test('if guarded, answers 401 with the bare challenge without a token, whatever is sent', async () => {
    const wrong: string[] = [];
    for (const route of guarded()) {
      for (const body of [undefined, '{"broken', '{}']) {
        const { status, headers } = await send(app.adminUrl, route.method, filled(route), [], body);
        if (status !== 401 || headers['www-authenticate'] !== MISSING) wrong.push(`${name(route)} ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  /** Fastify itself refuses such a header before any guard: 400, with or without a token, and no handler runs. */
  test.each([['garbage'], [';;;'], ['']])('a malformed Content-Type opens nothing: %j', async (type) => {
    const media = ['content-type', type, 'content-length', '2'];
    const reply = await send(app.adminUrl, 'POST', '/admin/access-tokens', media, '{}');
    expect([400, 401]).toContain(reply.status);
    const known = await send(app.adminUrl, 'POST', '/admin/access-tokens', [...media, ...bearer(app.pat)], '{}');
    expect(known.status).toBe(400);
  });

  test('if guarded, answers 403 to a token without its scope, and names the scope', async () => {
    const [one, two] = [await app.token('metrics:read'), await app.token('courier:read')];
    const wrong: string[] = [];
    for (const route of guarded().filter(({ url }) => !url.includes('*') && url !== '/admin' && url !== '/admin/')) {
      const replies = [
        await send(app.adminUrl, route.method, filled(route), bearer(one)),
        await send(app.adminUrl, route.method, filled(route), bearer(two)),
      ];
      const named = replies.filter(
        ({ status, headers }) =>
          status === 403 &&
          /error="insufficient_scope", scope="[a-z]+:[a-z]+"$/.test(String(headers['www-authenticate'])),
      );
      if (named.length === 0) wrong.push(`${name(route)} ${replies.map(({ status }) => status).join(' ')}`);
    }
    expect(wrong).toEqual([]);
  });

  test('if guarded, is not found on the public listener, with or without a token', async () => {
    const wrong: string[] = [];
    for (const route of guarded()) {
      for (const headers of [[], bearer(app.pat)]) {
        const { status } = await send(app.publicUrl, route.method, filled(route), headers);
        if (status !== 404) wrong.push(`${name(route)} ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('disguised paths and methods', () => {
  const variants = (path: string): string[] => {
    const rest = path.replace(/^\/admin/, '');
    return [
      `/%61dmin${rest}`,
      `/%41dmin${rest}`,
      `/admin%2f${rest.slice(1)}`,
      `//admin${rest}`,
      `/admin/${rest}`,
      `${path}/`,
      `${path}//`,
      `/admin;x${rest}`,
      `${path};x`,
      `/.${path}`,
      `/x/..${path}`,
      `/admin/.${rest}`,
      `/admin/%2e${rest}`,
      `/health/alive/../..${path}`,
      `/admin/health/alive/..${rest}`,
      `/ADMIN${rest}`,
      `/Admin${rest}`,
      `\\admin${rest}`,
      `${path}%00`,
      `${path}%20`,
      `${path}?x=/health/alive`,
      `/api/kratos/admin${rest}`,
      `/api/kratos/admin/admin${rest}`,
      `/api/kratos/admin/%61dmin${rest}`,
      `/api/kratos/admin/..${path}`,
      `http://localhost${path}`,
    ];
  };

  test('never pass without a token', async () => {
    const paths = [...new Set(guarded().map(filled))];
    const wrong: string[] = [];
    for (const path of paths) {
      for (const variant of variants(path)) {
        for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
          const { status } = await send(app.adminUrl, method, variant);
          if (![400, 401, 404].includes(status)) wrong.push(`${method} ${variant} ${status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(['x-http-method-override', 'x-method-override', 'x-http-method'])('%s changes nothing', async (header) => {
    const { status } = await send(app.adminUrl, 'POST', '/admin/access-tokens', [header, 'GET']);
    expect(status).toBe(401);
    const reply = await send(app.adminUrl, 'GET', '/admin/access-tokens', [header, 'POST', ...bearer(app.pat)]);
    expect([reply.status, reply.text[0]]).toEqual([200, '[']);
  });

  test('proxy headers cannot name another path', async () => {
    const headers = [
      'x-original-url',
      '/health/alive',
      'x-rewrite-url',
      '/health/alive',
      'x-forwarded-prefix',
      '/health',
    ];
    expect((await send(app.adminUrl, 'GET', '/admin/access-tokens', headers)).status).toBe(401);
  });

  test('without a token, unknown paths and wrong methods reveal nothing: 401; with one 404 and 405', async () => {
    for (const [method, path] of [
      ['GET', '/admin/nowhere'],
      ['PUT', '/admin/access-tokens'],
    ] as const) {
      expect((await send(app.adminUrl, method, path)).headers['www-authenticate']).toBe(MISSING);
    }
    const any = await app.token('metrics:read');
    expect((await send(app.adminUrl, 'GET', '/admin/nowhere', bearer(any))).status).toBe(404);
    const reply = await send(app.adminUrl, 'PUT', '/admin/access-tokens', bearer(any));
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET, POST']);
  });
});

describe('RFC 6750', () => {
  const PATH = '/admin/access-tokens';

  test('unknown, revoked, expired and malformed tokens get the same answer to the last byte', async () => {
    const revoked = await app.token('*');
    const expired = await app.token('*');
    const digestOf = `digest = sha256(convert_to($1, 'UTF8'))`;
    await app.sql(`UPDATE access_token SET revoked_at = clock_timestamp() WHERE ${digestOf}`, [revoked]);
    await app.sql(`UPDATE access_token SET expires_at = clock_timestamp() WHERE ${digestOf}`, [expired]);
    const truncated = app.pat.slice(0, -1);
    const unknown = `${truncated}${app.pat.endsWith('A') ? 'B' : 'A'}`;
    const candidates = [
      unknown,
      revoked,
      expired,
      truncated,
      `${app.pat}A`,
      app.pat.toUpperCase(),
      'x',
      `ory_st_${app.pat.slice(8)}`,
    ];
    const answers = [];
    for (const token of candidates) {
      const { status, text, headers } = await send(app.adminUrl, 'GET', PATH, bearer(token));
      const { date: _date, 'x-request-id': _id, ...rest } = headers;
      answers.push(JSON.stringify([status, text, rest]));
    }
    expect(new Set(answers).size).toBe(1);
    const [status, text, headers] = JSON.parse(answers[0]!) as [number, string, Record<string, string>];
    expect(status).toBe(401);
    expect(JSON.parse(text)).toEqual({
      error: {
        code: 401,
        status: 'Unauthorized',
        reason: 'The personal access token is not valid.',
        message: 'The request could not be authorized',
      },
    });
    expect(headers['www-authenticate']).toBe(INVALID);
    expect(headers['cache-control']).toContain('no-store');
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  test('a token in the query or in the body is ignored', async () => {
    const inQuery = await send(app.adminUrl, 'GET', `${PATH}?access_token=${app.pat}`);
    const inBody = await send(
      app.adminUrl,
      'POST',
      PATH,
      [],
      JSON.stringify({ access_token: app.pat, name: 'x', scopes: ['*'] }),
    );
    for (const { status, headers } of [inQuery, inBody]) {
      expect([status, headers['www-authenticate'], headers['cache-control']]).toEqual([
        401,
        MISSING,
        expect.stringContaining('no-store'),
      ]);
    }
    const asFilter = await send(app.adminUrl, 'GET', `${PATH}?access_token=x`, bearer(app.pat));
    expect([asFilter.status, asFilter.headers['www-authenticate']]).toEqual([400, undefined]); // a list has no such filter
    const elsewhere = `/admin/identities/${NOBODY}?access_token=x`;
    expect((await send(app.adminUrl, 'GET', elsewhere, bearer(app.pat))).status).toBe(404);
  });

  test.each([
    ['two headers', () => [...bearer(app.pat), ...bearer(app.pat)]],
    ['two headers, the first of them empty', () => ['Authorization', '', ...bearer(app.pat)]],
    ['two tokens', () => ['authorization', `Bearer ${app.pat} ${app.pat}`]],
    ['no token', () => ['authorization', 'Bearer ']],
  ])('%s: 400 invalid_request', async (_, headers) => {
    const reply = await send(app.adminUrl, 'GET', PATH, headers());
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([400, MALFORMED]);
  });

  test('the scheme may be in lower case', async () => {
    expect((await send(app.adminUrl, 'GET', PATH, ['authorization', `bearer ${app.pat}`])).status).toBe(200);
  });

  test('a session token and a basic password open nothing', async () => {
    const basic = Buffer.from(`admin:${app.pat}`).toString('base64');
    for (const headers of [
      ['x-session-token', app.pat],
      ['cookie', `ory_kratos_session=${app.pat}`],
      ['authorization', `Basic ${basic}`],
    ]) {
      expect((await send(app.adminUrl, 'GET', PATH, headers)).headers['www-authenticate']).toBe(MISSING);
    }
  });

  test('concurrent valid and invalid tokens are never mixed up', async () => {
    const bad = `ory_pat_${app.pat.slice(8).split('').reverse().join('')}`;
    const wrong: number[] = [];
    await Promise.all(
      Array.from({ length: 16 }, async (_, worker) => {
        for (let i = 0; i < 40; i++) {
          const good = (worker + i) % 2 === 0;
          const { status } = await send(app.adminUrl, 'GET', PATH, bearer(good ? app.pat : bad));
          if (status !== (good ? 200 : 401)) wrong.push(status);
        }
      }),
    );
    expect(wrong).toEqual([]);
  });
});

test('refusals are audited: counted per route, without a token', async () => {
  const path = '/admin/audit-events';
  for (let i = 0; i < 5; i++) await send(app.adminUrl, 'GET', path, bearer(`ory_pat_${'Ab3'.repeat(10)}zZ`));
  const refused = (): Promise<{ target_id: string; actor_type: string; reason: string }[]> =>
    app.sql(
      `SELECT target_id, actor_type, reason FROM audit_event WHERE action = 'access.unauthenticated' AND target_id = $1`,
      [`GET ${path}`],
    );
  await expect.poll(async () => (await refused()).length, { timeout: 5000 }).toBeGreaterThan(0);
  for (const row of await refused()) {
    expect(row).toMatchObject({ actor_type: 'anonymous', reason: expect.stringMatching(/^refused \d+ times?$/) });
  }
});

test('with regain.admin.authentication none anyone may call it, and the audit trail says so', async () => {
  const open = await startTestApp({ config: { regain: { admin: { authentication: 'none' } } } });
  try {
    const { body } = await open
      .anonymousAdmin()
      .post('/admin/access-tokens')
      .send({ name: 'x', scopes: ['*'] })
      .expect(201);
    const [event] = await open.sql('SELECT actor_type, actor_label FROM audit_event WHERE target_id = $1', [
      (body as { id: string }).id,
    ]);
    expect(event).toEqual({ actor_type: 'system', actor_label: 'unauthenticated' });
  } finally {
    await open.stop();
  }
});
