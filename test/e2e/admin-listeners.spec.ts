import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { person, signIn } from '../support/sign-in.js';

/* HEAD, and how one listener answers the other's routes. */

let app: TestApp;
let parity: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  parity = await startTestApp({ parity: true });
});
afterAll(async () => {
  await parity?.stop();
  await app?.stop();
});

const ask = (method: string, url: string, headers: Record<string, string> = {}) =>
  fetch(url, { method, headers, redirect: 'manual' });

describe('HEAD', () => {
  test('is answered like GET, without the body', async () => {
    const someone = await person(app);
    const token = await signIn(app, someone);
    for (const url of [
      ...['/health/alive', '/health/ready', '/schemas', '/schemas/person', '/schemas/nope', '/sessions/whoami'].map(
        (path) => app.publicUrl + path,
      ),
      ...['/health/alive', '/health/ready', '/version', '/schemas', '/admin/health/alive', '/admin/version'].map(
        (path) => app.adminUrl + path,
      ),
    ])
      for (const headers of [{}, { 'x-session-token': token }] as Record<string, string>[]) {
        const [get, head] = [await ask('GET', url, headers), await ask('HEAD', url, headers)];
        const text = await get.text();
        expect([head.status, await head.text()], url).toEqual([get.status, '']);
        expect(head.headers.get('content-length'), url).toBe(String(Buffer.byteLength(text)));
        for (const name of ['content-type', 'cache-control', 'link', 'x-kratos-authenticated-identity-id'])
          expect(head.headers.get(name), `${url} ${name}`).toBe(get.headers.get(name));
        expect(head.headers.has('set-cookie'), url).toBe(get.headers.has('set-cookie'));
      }
  });

  test('still reaches nothing else, and uses no link up', async () => {
    const someone = await person(parity);
    const link = await newLink(parity, someone.id);
    expect((await ask('HEAD', link.href)).status).toBe(405);
    const followed = await ask('GET', link.href);
    expect([followed.status, followed.headers.get('set-cookie')]).toEqual([
      303,
      expect.stringContaining('ory_kratos_session='),
    ]);
    expect((await ask('HEAD', `${app.adminUrl}/admin/identities`)).status).toBe(401);
    const bearer = { authorization: `Bearer ${app.pat}` };
    expect((await ask('HEAD', `${app.adminUrl}/admin/identities`, bearer)).status).toBe(405);
  });
});

describe('a route of the other listener', () => {
  test('is not found', async () => {
    for (const path of ['/admin/identities', '/identities', '/admin/recovery/grants'])
      expect((await ask('GET', app.publicUrl + path)).status, path).toBe(404);
    for (const path of ['/sessions/whoami', '/self-service/login/browser'])
      expect((await ask('GET', app.adminUrl + path)).status, path).toBe(404);
  });

  test.each([
    ['GET', '/admin/identities?page_size=1&ids=a%20b', '/admin/identities?page_size=1&ids=a%20b'],
    ['GET', '/identities', '/admin/identities'],
    ['DELETE', '/identities/x/sessions', '/admin/identities/x/sessions'],
    ['PATCH', '/admin/identities/x', '/admin/identities/x'],
    ['POST', '/recovery/link', '/admin/recovery/link'],
  ])('as in Kratos, %s %s on the public listener redirects to the admin one', async (method, path, target) => {
    const answer = await ask(method, parity.publicUrl + path);
    expect([answer.status, answer.headers.get('location')]).toEqual([307, parity.adminUrl + target]);
  });

  test.each([
    ['GET', '/sessions/whoami'],
    ['DELETE', '/sessions'],
    ['GET', '/self-service/recovery?flow=x&token=y'],
    ['POST', '/self-service/login?flow=x'],
  ])('as in Kratos, %s %s on the admin listener redirects to the public one', async (method, path) => {
    const answer = await ask(method, parity.adminUrl + path);
    expect([answer.status, answer.headers.get('location')]).toEqual([307, parity.publicUrl + path]);
  });

  test('as in Kratos, a route of neither is not found; pages and other methods are not redirected', async () => {
    for (const [method, url] of [
      ['GET', `${parity.publicUrl}/no/such/route`],
      ['GET', `${parity.publicUrl}/admin/no/such/route`],
      ['GET', `${parity.adminUrl}/ui/welcome`],
      ['PUT', `${parity.adminUrl}/sessions/whoami`],
      ['PUT', `${parity.publicUrl}/admin/identities`],
    ] as const)
      expect((await ask(method, url)).status, `${method} ${url}`).toBe(404);
    expect((await ask('GET', `${parity.adminUrl}/admin/no/such/route`)).status).toBe(401);
  });
});
