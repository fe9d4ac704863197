/** A mail server that requires a client certificate it trusts: `courier.smtp.client_cert_path`, `client_key_path`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/config/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { hoursFromNow, makeCertificate, type TestCertificate } from '../support/certificates.js';
import { MailServer } from '../support/mail-server.js';
import { storedMessages, type StoredMessage, writeMessages } from '../support/outbox.js';

const ours = makeCertificate();
const strange = makeCertificate();
const expired = makeCertificate({ from: hoursFromNow(-48), until: hoursFromNow(-24) });
const ofTheServer = makeCertificate();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regain-smtp-'));
});
afterAll(() => rm(folder, { recursive: true }));

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** The two configuration keys, for files with this content. */
async function filesWith({ cert, key }: Pick<TestCertificate, 'cert' | 'key'>): Promise<object> {
  const [client_cert_path, client_key_path] = [join(folder, 'client.pem'), join(folder, 'client-key.pem')];
  await writeFile(client_cert_path, cert);
  await writeFile(client_key_path, key, { mode: 0o600 });
  return { client_cert_path, client_key_path };
}

describe.each([
  ['smtp', false],
  ['smtps', true],
] as const)('over %s: a server that requires a certificate', (scheme, secure) => {
  let server: MailServer;
  /** whose certificates it accepted */
  const seen: string[] = [];

  beforeEach(async () => {
    seen.length = 0;
    server = await MailServer.start({
      secure,
      disabledCommands: [],
      key: ofTheServer.key,
      cert: ofTheServer.cert,
      ca: [ours.cert, expired.cert],
      requestCert: true,
      rejectUnauthorized: true,
      onSecure: (socket, _session, done) => {
        seen.push((socket as TLSSocket).getPeerCertificate().fingerprint256);
        done();
      },
    });
    cleanups.push(() => server.stop());
  });

  async function appWith(certificate: object): Promise<TestApp> {
    const connection_uri = `${scheme}://127.0.0.1:${server.port}/?skip_ssl_verify=true`;
    const app = await startTestApp({
      deliver: true,
      config: { courier: { message_retries: 0, smtp: { connection_uri, ...certificate } } },
    });
    cleanups.push(() => app.stop());
    return app;
  }

  test('gets mail from a client that sends it', async () => {
    const app = await appWith(await filesWith(ours));
    await writeMessages(app.sql, ['ada@example.com']);
    await whenOne(app, ({ status }) => status === 'sent');
    expect(seen).toEqual([ours.fingerprint]);
    expect(server.mails.map(({ to }) => to)).toEqual([['ada@example.com']]);
  });

  test.each([
    ['without a certificate', undefined, 'no connection (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)'],
    ['with an unknown one', strange, 'no session (the connection broke)'], // this server does not say why
    ['with an expired one', expired, 'no session (the connection broke)'],
  ])(
    'gets nothing %s: the mail waits in the outbox without losing an attempt, and the reason is recorded',
    async (_, certificate, reason) => {
      const app = await appWith(certificate ? await filesWith(certificate) : {});
      await writeMessages(app.sql, ['ada@example.com']);
      const failed = await whenOne(app, ({ errors }) => errors.length > 0);
      expect(failed).toMatchObject({ status: 'queued', has_secret: true, errors: [reason] });
      expect([failed.send_count, failed.trouble_count]).toEqual([1, 1]);
      expect(failed.due_in).toBeGreaterThan(0);
      expect([server.tries, server.mails]).toEqual([[], []]);
    },
  );
});

describe('unusable files', () => {
  const startWith = (certificate: object, deliver = true, courier: object = {}): Promise<TestApp> =>
    startTestApp({
      deliver,
      config: { courier: { smtp: { connection_uri: 'smtp://127.0.0.1:9/', ...certificate }, ...courier } },
    });
  const refusal = (certificate: object): Promise<unknown> =>
    startWith(certificate).then(
      (app) => app.stop(),
      (error: unknown) => (error instanceof ConfigurationError ? error.problems : error),
    );
  const none = (): object => {
    const file = join(folder, 'none.pem');
    return { client_cert_path: file, client_key_path: file };
  };

  test('stop the start, both at once', async () => {
    expect(await refusal(none())).toEqual([
      { path: 'courier.smtp.client_cert_path', message: 'cannot be read (ENOENT)' },
      { path: 'courier.smtp.client_key_path', message: 'cannot be read (ENOENT)' },
    ]);
  });

  test('stop it if the key belongs to another certificate', async () => {
    expect(await refusal(await filesWith({ cert: ours.cert, key: strange.key }))).toEqual([
      { path: 'courier.smtp.client_key_path', message: 'does not belong to the certificate' },
    ]);
  });

  test.each([
    ['a process that does not deliver', false, {}],
    [
      'a process that delivers by HTTP',
      true,
      { delivery_strategy: 'http', http: { request_config: { url: 'http://127.0.0.1:9/' } } },
    ],
  ])('do not matter to %s', async (_, deliver, courier) => {
    const app = await startWith(none(), deliver, courier);
    cleanups.push(() => app.stop());
    await app.publicAgent().get('/health/ready').expect(200);
  });
});

async function whenOne(app: TestApp, holds: (message: StoredMessage) => boolean): Promise<StoredMessage> {
  for (const limit = performance.now() + 20_000; performance.now() < limit; await setTimeout(25)) {
    const found = (await storedMessages(app.sql)).find(holds);
    if (found !== undefined) return found;
  }
  throw new Error(`waited in vain: ${JSON.stringify(await storedMessages(app.sql))}`);
}
