import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

const APP = 'https://app.example.com';
const DOCS = 'http://127.0.0.1:4434';
const WHOAMI = '/sessions/whoami';

function headersOf(answer: Response): Record<string, string | null> {
  const names = ['origin', 'credentials', 'methods', 'headers'].map((name) => `access-control-allow-${name}`);
  const all = [...names, 'access-control-expose-headers', 'access-control-max-age'];
  return Object.fromEntries(
    all.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]),
  );
}

const call = (url: string, origin: string): Promise<Response> =>
  fetch(url, { headers: { origin, accept: 'application/json' } });
const preflight = (url: string, origin: string, asked = 'GET'): Promise<Response> =>
  fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': asked } });

describe('serve.public.cors with named origins', () => {
  let app: TestApp;
  beforeAll(async () => {
    const cors = {
      enabled: true,
      allowed_origins: [APP, 'https://*.partner.example', DOCS],
      allowed_methods: ['GET', 'POST'],
      allowed_headers: ['Content-Type', 'X-Session-Token'],
      exposed_headers: ['X-Request-Id'],
      max_age: 600,
    };
    app = await startTestApp({ config: { serve: { public: { cors } }, regain: { serve: { single_host: true } } } });
  });
  afterAll(() => app.stop());

  test('a page from an allowed origin may read an answer, even an error, with its cookies', async () => {
    const answer = await call(`${app.publicUrl}${WHOAMI}`, APP);
    expect(answer.status).toBe(401);
    expect(headersOf(answer)).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'X-Request-Id',
    });
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  test('its preflight request is answered, without a body', async () => {
    const answer = await preflight(`${app.publicUrl}/self-service/login?flow=x`, APP, 'POST');
    expect(answer.status).toBe(204);
    expect(await answer.text()).toBe('');
    expect(headersOf(answer)).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Content-Type, X-Session-Token',
      'access-control-max-age': '600',
    });
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  test.each(['https://evil.example', 'http://app.example.com', 'https://app.example.com.evil.example', 'null'])(
    'a page from %s may read nothing',
    async (origin) => {
      const [answer, asked] = [
        await call(`${app.publicUrl}${WHOAMI}`, origin),
        await preflight(`${app.publicUrl}${WHOAMI}`, origin),
      ];
      expect(headersOf(answer)).toEqual({});
      expect(answer.headers.get('vary')).toBe('Origin');
      expect(asked.status).toBe(405);
      expect(headersOf(asked)).toEqual({});
    },
  );

  test.each([
    ['https://a.partner.example', true],
    ['https://partner.example', false],
    ['https://a.partner.example.evil.example', false],
    ['http://a.partner.example', false],
  ])('one * stands for any text: %s %s', async (origin, allowed) => {
    const answer = await call(`${app.publicUrl}${WHOAMI}`, origin);
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
  });

  test('an OPTIONS request that is not a preflight is answered as without CORS', async () => {
    const answer = await fetch(`${app.publicUrl}${WHOAMI}`, { method: 'OPTIONS', headers: { origin: APP } });
    expect(answer.status).toBe(405);
    expect(headersOf(answer)).toEqual({});
  });

  test('it does not open the admin API, on either listener', async () => {
    for (const base of [app.adminUrl, `${app.publicUrl}/api/kratos`]) {
      for (const answer of [
        await call(`${base}/admin/identities`, APP),
        await preflight(`${base}/admin/identities`, APP),
      ]) {
        expect(answer.status).toBe(401);
        expect(headersOf(answer)).toEqual({});
      }
    }
  });
});

describe('serve.public.cors with *', () => {
  let app: TestApp;
  beforeAll(async () => {
    const open = { enabled: true, allowed_origins: ['*'], allow_credentials: true };
    const admin = { enabled: true, allowed_origins: [APP] };
    app = await startTestApp({ config: { serve: { public: { cors: open }, admin: { cors: admin } } } });
  });
  afterAll(() => app.stop());

  test('anyone may read, but without cookies', async () => {
    const answer = await call(`${app.publicUrl}${WHOAMI}`, 'https://anywhere.example');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('the admin listener has its own rules, and its preflights need no token', async () => {
    const asked = await preflight(`${app.adminUrl}/admin/recovery/link`, APP, 'POST');
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization');
    const answer = await call(`${app.adminUrl}/admin/identities`, APP);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
    expect(headersOf(await call(`${app.adminUrl}/admin/identities`, 'https://anywhere.example'))).toEqual({});
  });
});

test('without serve.public.cors, no other origin may read anything', async () => {
  const app = await startTestApp();
  try {
    const answer = await call(`${app.publicUrl}${WHOAMI}`, APP);
    expect(headersOf(answer)).toEqual({});
    expect((await preflight(`${app.publicUrl}${WHOAMI}`, APP)).status).toBe(405);
  } finally {
    await app.stop();
  }
});
