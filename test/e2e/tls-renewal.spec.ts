import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TestApp } from '../support/app.js';
import { hoursFromNow, makeCertificate, type TestCertificate } from '../support/certificates.js';
import { temporaryFolder } from '../support/configuration-files.js';
import { fingerprintAt, OLD_CLIENT, shakeHands, startTlsApp } from './tls.support.js';

let app: TestApp;
let files: { cert: string; key: string };
let first: TestCertificate;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const folder = await temporaryFolder();
  files = { cert: join(folder, 'a.crt'), key: join(folder, 'a.key') };
  first = makeCertificate();
  await put(first);
  const tls = { cert: { path: files.cert }, key: { path: files.key } };
  app = await startTlsApp({ public: tls, admin: tls });
});
afterEach(async () => {
  await app.stop();
  vi.useRealTimers();
});

async function put({ cert, key }: Pick<TestCertificate, 'cert' | 'key'>): Promise<void> {
  for (const [path, text] of [
    [files.cert, cert],
    [files.key, key],
  ] as const) {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }
}

/** Waits until the files have been read, a minute later. */
async function aMinuteLater(): Promise<void> {
  vi.advanceTimersByTime(60_000);
  await setTimeout(150);
}

/** Milliseconds for anything that must happen at all: a busy machine is slow, not wrong. */
const PATIENCE = { timeout: 20_000 };
const shown = (): Promise<string[]> => Promise.all([app.publicUrl, app.adminUrl].map(fingerprintAt));
const both = ({ fingerprint }: TestCertificate): string[] => [fingerprint, fingerprint];
const said = (): { listener: string; msg: string; complaint?: string }[] =>
  app.log.map((line) => JSON.parse(line) as { listener: string; msg: string }).filter(({ msg }) => msg !== 'request');

test('new connections use a renewed certificate within a minute', async () => {
  const kept = await shakeHands(app.publicUrl);
  const second = makeCertificate();
  await put(second);
  vi.advanceTimersByTime(59_000);
  await setTimeout(150);
  expect(await shown()).toEqual(both(first));
  vi.advanceTimersByTime(1_000);
  await expect.poll(shown, PATIENCE).toEqual(both(second));
  const renewed = said().map(({ listener, msg }) => `${listener}: ${msg}`);
  expect(renewed).toEqual(['public: a renewed certificate is in use', 'admin: a renewed certificate is in use']);

  let answer = '';
  kept.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  kept.write('GET /health/alive HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await new Promise((done) => kept.once('close', done));
  expect(answer).toContain('200 OK');
  await expect(shakeHands(app.publicUrl, OLD_CLIENT)).rejects.toThrow(/alert protocol version/);

  await aMinuteLater();
  expect(said()).toHaveLength(2); // nothing has changed since
});

test.each([
  ['half of it', (one: TestCertificate) => put({ ...one, key: first.key }), 'key does not belong to the certificate'],
  ['nonsense', (one: TestCertificate) => put({ ...one, cert: 'text' }), 'cert contains no certificate in PEM form'],
  ['nothing', () => rm(files.key), 'key cannot be read (ENOENT)'],
])('%s keeps the previous one, is logged once, and ends when it is fixed', async (_, spoil, complaint) => {
  const second = makeCertificate();
  await spoil(second);
  await aMinuteLater();
  await expect.poll(said, PATIENCE).toHaveLength(2);
  await aMinuteLater();
  expect(await shown()).toEqual(both(first));
  const msg = 'a renewed certificate cannot be used; keeping the previous one';
  expect(said()).toMatchObject([
    { listener: 'public', msg, complaint },
    { listener: 'admin', msg, complaint },
  ]);
  await put(second);
  await aMinuteLater();
  await expect.poll(shown, PATIENCE).toEqual(both(second));
  expect(said()).toHaveLength(4);
});

test('one that has expired meanwhile is logged once', async () => {
  await put(makeCertificate({ from: hoursFromNow(-2), until: hoursFromNow(-1) }));
  await aMinuteLater();
  await expect.poll(said, PATIENCE).toHaveLength(4);
  await aMinuteLater();
  const lines = said().filter(({ listener }) => listener === 'public');
  expect(lines.map(({ msg }) => msg)).toEqual([
    'a renewed certificate is in use',
    'the certificate of a listener has expired: clients will reject it',
  ]);
});

test('nothing is read after a stop', async () => {
  const { stop, log } = app;
  await stop();
  const lines = log.length;
  await put(makeCertificate());
  await aMinuteLater();
  expect(log.slice(lines)).toEqual([]);
  app = { ...app, stop: () => Promise.resolve() };
});
