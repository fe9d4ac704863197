import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ConfigurationError } from '../../src/config/index.js';
import type { TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { hoursFromNow, makeCertificate } from '../support/certificates.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';
import { sendRaw, statusOf } from '../support/raw-http.js';
import { PASSWORD } from '../support/sign-in.js';
import { fingerprintAt, inBase64, OLD_CLIENT, sendSecurely, shakeHands, startTlsApp, trust } from './tls.support.js';

const [ofPublic, ofAdmin] = [makeCertificate(), makeCertificate()];
const troubles = (app: TestApp): string[] => app.log.filter((line) => /"level":[4-6]0/.test(line));

async function limitsHold(base: string): Promise<void> {
  const head = 'GET /health/alive HTTP/1.1\r\nHost: x\r\n';
  const long = await sendSecurely(base, `${head}X-Long: ${'a'.repeat(17_000)}\r\n\r\n`);
  expect([statusOf(long), long.ms < 2_000]).toEqual([431, true]);
  const [mute, idle, slow, body] = await Promise.all([
    sendRaw(base, '', 12_000), // no handshake
    sendSecurely(base, ''), // no request
    sendSecurely(base, head), // half a header
    sendSecurely(base, 'POST /self-service/login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{'),
  ]);
  for (const { ms } of [mute, idle, slow]) expect(ms).toBeLessThan(8_000); // 5 s, checked every second
  expect(body.ms).toBeLessThan(18_500); // 15 s
}

describe('both listeners with TLS', () => {
  let app: TestApp;
  let forget: () => void;
  beforeAll(async () => {
    forget = trust(ofPublic, ofAdmin);
    app = await startTlsApp({ public: inBase64(ofPublic), admin: inBase64(ofAdmin) });
  });
  afterAll(async () => {
    await app.stop();
    forget();
  });
  const LISTENERS = [
    { name: 'public', base: () => app.publicUrl },
    { name: 'admin', base: () => app.adminUrl },
  ];

  test('each has its own certificate and its own routes', async () => {
    expect(await fingerprintAt(app.publicUrl)).toBe(ofPublic.fingerprint);
    expect(await fingerprintAt(app.adminUrl)).toBe(ofAdmin.fingerprint);
    await app.admin().get('/admin/identities').expect(200);
    await app.anonymousAdmin().get('/admin/identities').expect(401);
    await app.publicAgent().get('/admin/identities').expect(404);
    await app.publicAgent().get('/self-service/recovery/api').expect(200);
    await app.anonymousAdmin().get('/self-service/recovery/api').expect(404);
  });

  test.each(LISTENERS)('$name: probes answer, and browsers are told to stay with https', async ({ base }) => {
    for (const path of ['/health/alive', '/health/ready', '/nothing/here']) {
      const { headers } = await fetch(base() + path);
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    }
    expect((await fetch(`${base()}/health/ready`)).status).toBe(200);
  });

  test('other programs can listen on localhost', async () => {
    for (const host of ['localhost', 'LOCALHOST:1', 'app.localhost']) {
      const { text } = await sendSecurely(
        app.publicUrl,
        `GET /health/alive HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(statusOf({ text })).toBe(200);
      expect(text).not.toMatch(/strict-transport-security/i);
    }
  });

  test.each(LISTENERS)('$name: nothing older than TLS 1.2', async ({ base }) => {
    await expect(shakeHands(base(), OLD_CLIENT)).rejects.toThrow(/alert protocol version/);
    expect((await shakeHands(base(), { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
    expect((await shakeHands(base())).getProtocol()).toBe('TLSv1.3');
  });

  test.each(LISTENERS)('$name: plain HTTP is cut off, without a log line', async ({ base }) => {
    const lines = app.log.length;
    const plain = base().replace('https:', 'http:');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => sendRaw(plain, 'GET /health/alive HTTP/1.1\r\nHost: x\r\n\r\n', 4_000)),
    );
    expect(answers.filter(({ text }) => text.includes('HTTP/'))).toEqual([]);
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_000);
    expect(app.log.slice(lines)).toEqual([]);
    expect((await fetch(`${base()}/health/alive`)).status).toBe(200);
  });

  test('limits apply as without TLS', async () => {
    await Promise.all(LISTENERS.map(({ base }) => limitsHold(base())));
  }, 40_000);

  test('a person follows a link, and every cookie is Secure', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    expect(link.href.startsWith(`${app.publicUrl}/self-service/recovery?`)).toBe(true);
    const browser = new Browser();
    const opened = await browser.get(link);
    const page = await browser.get(opened.location);
    const confirmed = await browser.submit(page);
    expect([opened.status, page.status, confirmed.status]).toEqual([303, 200, 303]);
    const settings = await browser.get(confirmed.location);
    const saved = await browser.submit(settings, { method: 'password', password: `${PASSWORD}, over TLS` });
    expect([settings.status, saved.status]).toEqual([200, 303]);

    const lines = [opened, page, confirmed, settings].flatMap(({ headers }) => headers.getSetCookie());
    expect(lines.some((line) => line.startsWith('ory_kratos_session='))).toBe(true);
    expect(lines.filter((line) => !/; Secure(;|$)/.test(line))).toEqual([]);
    const whoami = await browser.get(`${app.publicUrl}/sessions/whoami`);
    expect(whoami.status).toBe(200);
    expect(JSON.parse(whoami.text)).toMatchObject({ identity: { id } });
  });

  test('none of this was logged as trouble', () => {
    expect(troubles(app)).toEqual([]);
  });
});

describe('one listener with TLS', () => {
  let app: TestApp | undefined;
  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });

  test.each(['public', 'admin'] as const)('%s: the other one is unchanged', async (secure) => {
    onTestFinished(trust(ofPublic));
    app = await startTlsApp({ [secure]: inBase64(ofPublic) });
    const [open, admin] = await Promise.all([app.publicUrl, app.adminUrl].map((base) => fetch(`${base}/health/ready`)));
    expect([open?.status, admin?.status]).toEqual([200, 200]);
    const insists = [open, admin].map((answer) => answer?.headers.has('strict-transport-security'));
    expect(insists).toEqual([secure === 'public', false]); // if the pages are plain, a browser must still reach them
    await app.admin().get('/admin/identities').expect(200);
    await app.publicAgent().get('/admin/identities').expect(404);
    const cookies = (await fetch(`${app.publicUrl}/self-service/recovery/browser`, { redirect: 'manual' })).headers;
    expect(cookies.getSetCookie().map((line) => /; Secure(;|$)/.test(line))).toEqual([secure === 'public']);
  });
});

describe('a start', () => {
  const refusal = async (tls: Parameters<typeof startTlsApp>[0]): Promise<unknown> =>
    startTlsApp(tls).then(
      async (app) => app.stop(),
      (error: unknown) => (error instanceof ConfigurationError ? error.problems : error),
    );

  test('names everything that is wrong on both listeners', async () => {
    const missing = { cert: { path: '/nowhere/a.crt' }, key: { path: '/nowhere/a.key' } };
    expect(await refusal({ public: missing, admin: inBase64({ ...ofPublic, key: ofAdmin.key }) })).toEqual([
      { path: 'serve.public.tls.cert.path', message: 'cannot be read (ENOENT)' },
      { path: 'serve.public.tls.key.path', message: 'cannot be read (ENOENT)' },
      { path: 'serve.admin.tls.key.base64', message: 'does not belong to the certificate' },
    ]);
  });

  test('with half of what TLS needs never falls back to plain HTTP', async () => {
    const { cert } = inBase64(ofPublic)!;
    expect(await refusal({ admin: { cert, key: {} } })).toEqual([
      { path: 'serve.admin.tls.key', message: 'is missing: set both a certificate and its key' },
    ]);
  });

  test.each([
    ['has expired', { from: hoursFromNow(-48), until: hoursFromNow(-24) }],
    ['is not valid yet', { from: hoursFromNow(24), until: hoursFromNow(48) }],
  ])('with a certificate that %s logs one warning', async (what, dates) => {
    const certificate = makeCertificate(dates);
    const app = await startTlsApp({ admin: inBase64(certificate) });
    try {
      expect(await fingerprintAt(app.adminUrl)).toBe(certificate.fingerprint);
      expect(troubles(app)).toHaveLength(1);
      expect(JSON.parse(troubles(app)[0]!)).toMatchObject({
        listener: 'admin',
        valid_until: `${dates.until.toISOString().slice(0, 19)}.000Z`,
        msg: `the certificate of a listener ${what}: clients will reject it`,
      });
    } finally {
      await app.stop();
    }
  });
});

/* Node counts neither a handshake nor a connection without a request as idle, so a stop waited 5 s for each. */
test('a stop answers running requests, and does not wait for connections without one', async () => {
  const app = await startTlsApp({ public: inBase64(ofPublic), admin: inBase64(ofAdmin) });
  const closed: string[] = [];
  for (const base of [app.publicUrl, app.adminUrl]) {
    const { hostname, port } = new URL(base);
    const greeting = connect(Number(port), hostname).on('error', () => undefined);
    greeting.on('close', () => closed.push('greeting'));
    (await shakeHands(base)).on('close', () => closed.push('silent'));
  }
  const asking = await shakeHands(app.publicUrl);
  let answer = '';
  asking.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  asking.write('POST /self-service/login HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Length: 2\r\n\r\n');
  await setTimeout(200);
  const begun = performance.now();
  const stopped = app.stop();
  await setTimeout(200);
  asking.write('{}');
  await stopped;
  expect(performance.now() - begun).toBeLessThan(3_000);
  await setTimeout(50);
  expect(closed.sort()).toEqual(['greeting', 'greeting', 'silent', 'silent']);
  expect(statusOf({ text: answer })).toBe(400);
});
