import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RouteTable } from '../../src/platform/http/index.js';
import { startTestApp, type TestApp } from '../support/app.js';

/** The routes that are actually registered, requested from outside without a token. */
let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config: { regain: { serve: { single_host: true } } } })));
afterAll(() => app.stop());

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
const filled = (url: string): string =>
  url.replaceAll(/:[^/]+/g, 'b0000000-0000-4000-8000-00000000000b').replaceAll('*', 'x');

/** The path exactly as written, because URL parsers normalize dots, slashes and escapes. */
function status(base: string, method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(base);
  return new Promise((done, fail) => {
    // QUERY has a body; the other methods are sent without one.
    const type: Record<string, string> = method === 'QUERY' ? { 'content-type': 'application/json' } : {};
    const sent = httpRequest({ hostname, port, method, path, headers: { ...type, ...headers } }, (answer) => {
      answer.resume();
      done(answer.statusCode!);
    });
    sent.on('error', fail);
    sent.end();
  });
}

const routes = () => app.get(RouteTable).all();
const guarded = () => routes().filter((route) => route.audience === 'admin');

describe('the admin listener', () => {
  test('is open on this list and nowhere else', () => {
    const open = routes()
      .filter((route) => route.audience === 'admin-open' || route.audience === undefined)
      .map((route) => `${route.method} ${route.url}`);
    expect([...new Set(open)].filter((line) => !line.includes('/docs')).sort()).toEqual([
      'GET /admin/health/alive',
      'GET /admin/health/ready',
      'GET /admin/version',
      'GET /health/alive',
      'GET /health/ready',
      'GET /openapi.json',
      'GET /schemas',
      'GET /schemas/:id',
      'GET /version',
      'HEAD /admin/health/alive',
      'HEAD /admin/health/ready',
      'HEAD /admin/version',
      'HEAD /health/alive',
      'HEAD /health/ready',
      'HEAD /schemas',
      'HEAD /schemas/:id',
      'HEAD /version',
    ]);
  });

  test('answers every other route 401 without a token', async () => {
    const paths = guarded().map((route) => ({ method: route.method, path: filled(route.url) }));
    expect(paths.length).toBeGreaterThan(10);
    for (const { method, path } of paths)
      expect(await status(app.adminUrl, method, path), `${method} ${path}`).toBe(401);
  });

  test('never lets a variant of a path past the guard', async () => {
    const paths = [...new Set(guarded().map((route) => filled(route.url)))].filter((path) => !path.endsWith('/x'));
    for (const path of paths) {
      const rest = path.slice('/admin'.length);
      const variants = [
        `/%61dmin${rest}`,
        `//admin${rest}`,
        `${path}/`,
        `${path};x`,
        `/.${path}`,
        `/admin/.${rest}`,
        `/ADMIN${rest}`,
        `${path}%20`,
        `${path}%00`,
        `/admin//${rest.slice(1)}`,
        `/admin%2f${rest.slice(1)}`,
        `/x/..${path}`,
        `${path}?access_token=${app.pat}`,
        `${path}#`,
        `/api/kratos/admin${path}`,
        `/api/kratos/admin${rest}`,
        `/api/kratos//admin${rest}`,
        `/api/kratos/admin/..${path}`,
      ];
      for (const variant of variants) {
        for (const method of METHODS) {
          expect([400, 401, 404, 405], `${method} ${variant}`).toContain(
            await status(app.adminUrl, method, variant, { 'x-http-method-override': 'GET' }),
          );
        }
      }
    }
  }, 60_000);

  test('answers 401 for an undecodable path, and echoes nothing of it', async () => {
    for (const path of ['/admin/%ff', '/admin/identities/%e0%a4%a']) {
      const answer = await fetch(app.adminUrl + path);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="admin"']);
      expect(await answer.text()).not.toContain('%');
    }
  });

  test('answers 401 before 404 and 405, and with a token says which', async () => {
    const bearer = { authorization: `Bearer ${app.pat}` };
    expect(await status(app.adminUrl, 'GET', '/admin/no/such/route')).toBe(401);
    expect(await status(app.adminUrl, 'DELETE', '/admin/recovery/link')).toBe(401);
    expect(await status(app.adminUrl, 'GET', '/admin/no/such/route', bearer)).toBe(404);
    expect(await status(app.adminUrl, 'DELETE', '/admin/recovery/link', bearer)).toBe(405);
  });

  test('does not have public routes', async () => {
    expect(await status(app.adminUrl, 'GET', '/self-service/login/browser')).toBe(404);
    expect(await status(app.adminUrl, 'GET', '/sessions/whoami')).toBe(404);
    expect(await status(app.adminUrl, 'GET', '/ui/welcome')).toBe(404);
  });
});

describe('the public listener', () => {
  test('does not have admin routes, with or without a token', async () => {
    for (const route of guarded()) {
      const path = filled(route.url);
      expect(await status(app.publicUrl, route.method, path), path).toBe(404);
      expect(await status(app.publicUrl, route.method, path, { authorization: `Bearer ${app.pat}` }), path).toBe(404);
    }
  });

  test('with single_host has guarded routes under the prefix, and no others', async () => {
    expect(await status(app.publicUrl, 'GET', '/api/kratos/admin/identities')).toBe(401);
    expect(await status(app.publicUrl, 'GET', '/api/kratos/admin/admin/identities')).toBe(401);
    expect(
      await status(app.publicUrl, 'GET', '/api/kratos/admin/identities', { authorization: `Bearer ${app.pat}` }),
    ).toBe(200);
    for (const open of [
      'health/alive',
      'version',
      'docs',
      'openapi.json',
      '../docs',
      '..%2fdocs',
      'metrics/prometheus',
    ]) {
      expect([401, 404], open).toContain(await status(app.publicUrl, 'GET', `/api/kratos/admin/${open}`));
      expect([401, 404], open).toContain(await status(app.publicUrl, 'GET', `/api/kratos/admin/admin/${open}`));
    }
  });

  test.each([
    '/api/kratos/%61dmin/identities',
    '/api%2fkratos/admin/identities',
    '//api/kratos/admin/identities',
    '/api/kratos/admin;/identities',
    '/api/./kratos/admin/identities',
    '/api\\kratos/admin/identities',
  ])('does not take %s for the prefix', async (path) => {
    expect([400, 404]).toContain(await status(app.publicUrl, 'GET', path, { authorization: `Bearer ${app.pat}` }));
  });

  test('answers its own routes under the documented prefix', async () => {
    expect(await status(app.publicUrl, 'GET', '/api/kratos/public/health/alive')).toBe(200);
    expect(await status(app.publicUrl, 'GET', '/api/kratos/public/api/kratos/public/health/alive')).toBe(404);
  });
});
