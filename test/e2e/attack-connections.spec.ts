import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { sendRaw, statusOf } from '../support/raw-http.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app.stop());

const LIMIT = 1024 * 1024;
const LISTENERS = [
  { name: 'public', base: () => app.publicUrl, post: '/self-service/login' },
  { name: 'admin', base: () => app.adminUrl, post: '/admin/recovery/link' },
];

function head(line: string, ...headers: string[]): string {
  return [`${line} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${app.pat}`, ...headers, '', ''].join('\r\n');
}

describe.each(LISTENERS)('the $name listener', ({ base, post }) => {
  test('refuses headers of more than 16 KB with 431 and closes', async () => {
    const answer = await sendRaw(base(), head('GET /health/alive', `X-Long: ${'a'.repeat(17_000)}`));
    expect(statusOf(answer)).toBe(431);
    expect(answer.ms).toBeLessThan(2_000);
  });

  test('refuses a body that announces too much with 413, before it arrives', async () => {
    const bytes = head(`POST ${post}`, 'Content-Type: application/json', `Content-Length: ${LIMIT + 1}`);
    const answer = await sendRaw(base(), bytes);
    expect(statusOf(answer)).toBe(413);
    expect(answer.ms).toBeLessThan(2_000);
  });

  test('refuses a body that turns out too large with 413, however it is sent', async () => {
    const start = head(`POST ${post}`, 'Content-Type: application/json', 'Transfer-Encoding: chunked');
    const size = LIMIT + 65_536;
    const answer = await sendRaw(base(), `${start}${size.toString(16)}\r\n${'a'.repeat(size)}\r\n0\r\n\r\n`);
    expect(statusOf(answer)).toBe(413);
  });

  test.each([
    ['two kinds of length', ['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['two lengths', ['Content-Length: 5', 'Content-Length: 6'], 'aaaaaa'],
    ['a length with a sign', ['Content-Length: +5'], 'aaaaa'],
    ['chunked not last', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['an invalid chunk size', ['Transfer-Encoding: chunked'], 'zz\r\naaaaa\r\n0\r\n\r\n'],
    ['a space before the colon', ['Content-Length : 5'], 'aaaaa'],
    ['a folded header', ['X-A: b\r\n c'], ''],
    ['a lone line feed', ['X-A: b\nX-B: c'], ''],
  ])('accepts no request with %s, and nothing after it', async (_, headers, body) => {
    const second = 'GET /health/alive HTTP/1.1\r\nHost: x\r\n\r\n';
    const { text } = await sendRaw(base(), `${head(`POST ${post}`, ...headers)}${body}${second}`, 1_500);
    expect(text).not.toContain('{"status":"ok"}');
    expect(statusOf({ text })).toBe(400);
  });

  test.each([
    ['a known path', '/health/alive'],
    ['a guarded path', '/admin/identities'],
    ['an unknown path', '/no/such/thing'],
    ['the whole server', '*'],
  ])('answers TRACE of %s with 405, and shows nothing of the request', async (_, path) => {
    const answer = await sendRaw(base(), head(`TRACE ${path}`, 'Cookie: ory_kratos_session=secret'));
    const elsewhere = path.startsWith('/admin') && base() === app.publicUrl; // an unknown path has no methods
    expect(statusOf(answer)).toBe(elsewhere ? 404 : 405);
    if (!elsewhere) expect(answer.text).toMatch(/^allow: [A-Z, ]*GET/im);
    expect(answer.text).not.toContain('secret');
  });

  test.each(['Host: y', 'HOST: x', 'host:'])('accepts no request with a second host (%s)', async (second) => {
    for (const path of ['/health/alive', '/version', '/admin/identities', '/no/such/thing']) {
      const answer = await sendRaw(base(), head(`GET ${path}`, second));
      expect(statusOf(answer)).toBe(400);
    }
  });

  test.each(['a b', 'a,b', 'localhost, evil.example', 'a/b', 'a@b', 'a:b', '[::1', '::1', 'a:1:2', 'http://a'])(
    'rejects an invalid host: %s',
    async (host) => {
      const sent = `GET /health/alive HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect(statusOf(await sendRaw(base(), sent))).toBe(400);
    },
  );

  test.each(['localhost', 'localhost:4433', 'id.acme.example.', '[::1]:4433', 'xn--bcher-kva.example', 'a_b', ''])(
    'accepts the host %s',
    async (host) => {
      const sent = `GET /health/alive HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect(statusOf(await sendRaw(base(), sent))).toBe(200);
    },
  );

  test.each([
    'GET /health/alive HTTP/2.0\r\nHost: x\r\n\r\n',
    'GET /health/alive\r\n\r\n',
    'GET /health/alive HTTP/0.9\r\nHost: x\r\n\r\n',
  ])('accepts nothing but HTTP/1.0 and HTTP/1.1: %j', async (bytes) => {
    const { text } = await sendRaw(base(), bytes);
    expect(text).not.toContain('{"status":"ok"}');
    expect(text).toMatch(/^HTTP\/1\.1 (400|505) /);
  });

  test('answers HTTP/1.0, which load balancers use for health checks', async () => {
    expect(statusOf(await sendRaw(base(), 'GET /health/alive HTTP/1.0\r\n\r\n'))).toBe(200);
  });

  test('closes connections that send nothing, half a header or half a body', async () => {
    const started = ['', 'GET /health/alive HTTP/1.1\r\nX-A: b\r\n'];
    const halfBody = head(`POST ${post}`, 'Content-Type: application/json', 'Content-Length: 10') + '{';
    const headers = started.map((bytes) => sendRaw(base(), bytes, 15_000));
    const body = sendRaw(base(), halfBody, 28_000);
    for (const answer of await Promise.all(headers)) expect(answer.ms).toBeLessThan(12_000); // 5 s, checked every second
    expect((await body).ms).toBeLessThan(24_000); // 15 s
  }, 40_000);
});

/* By default Node checks its connections every 30 s, so a slow one lived for up to 45 s instead of 15. */
test('a client that disconnects in the middle of its body causes no error', async () => {
  const before = app.log.filter((line) => line.includes('"level":50')).length;
  await sendRaw(
    app.publicUrl,
    head('POST /self-service/login', 'Content-Type: application/json', 'Content-Length: 99') + '{',
    100,
  );
  await new Promise((done) => setTimeout(done, 200));
  expect(app.log.filter((line) => line.includes('"level":50')).length - before).toBe(0);
});

test('a thousand slow connections do not disturb others, and are soon closed', async () => {
  const idle = await medianOfRequests();
  const half = 'GET /health/alive HTTP/1.1\r\nX-A: ';
  const slow = Array.from({ length: 500 }, () =>
    [app.publicUrl, app.adminUrl].map((base) => sendRaw(base, half, 15_000)),
  ).flat();
  expect(await medianOfRequests()).toBeLessThan(100 + 4 * idle);
  const answers = await Promise.all(slow);
  expect(answers.filter(({ ms }) => ms > 12_000)).toEqual([]);
}, 40_000);

/** Milliseconds. */
async function medianOfRequests(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 50; i++) {
    const begun = performance.now();
    expect((await fetch(`${app.publicUrl}/health/alive`)).status).toBe(200);
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[25]!;
}
