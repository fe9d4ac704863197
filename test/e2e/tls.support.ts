import { connect, type ConnectionOptions, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import request from 'supertest';
import { onTestFinished } from 'vitest';
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js';
import type { TestCertificate } from '../support/certificates.js';
import { freePort } from '../support/server-process.js';

/** A listener's TLS configuration; undefined: plain HTTP. */
export type TlsKeys = { cert: object; key: object } | undefined;

export const inBase64 = ({ cert, key }: Pick<TestCertificate, 'cert' | 'key'>): TlsKeys => ({
  cert: { base64: Buffer.from(cert).toString('base64') },
  key: { base64: Buffer.from(key).toString('base64') },
});

/** The application with these listeners; its URLs start with the right scheme. */
export async function startTlsApp(
  tls: { public?: TlsKeys; admin?: TlsKeys },
  options: TestAppOptions = {},
): Promise<TestApp> {
  const [open, admin] = [await listener(tls.public), await listener(tls.admin)];
  const app = await startTestApp({ ...options, config: { serve: { public: open, admin } } });
  const [publicUrl, adminUrl] = [open.base_url, admin.base_url];
  return {
    ...app,
    publicUrl,
    adminUrl,
    admin: (token = app.pat) =>
      request.agent(adminUrl).set('authorization', `Bearer ${token}`).set('accept', 'application/json') as never,
    anonymousAdmin: () => request.agent(adminUrl),
    publicAgent: () => request.agent(publicUrl).redirects(0) as never,
  };
}

async function listener(tls: TlsKeys) {
  const port = await freePort();
  return { port, base_url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, ...(tls ? { tls } : {}) };
}

/** The clients of this test trust these, until it ends. */
export function trust(...certificates: readonly TestCertificate[]): () => void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ...certificates.map(({ cert }) => cert)]);
  return () => setDefaultCACertificates(before);
}

/** The most that an old client supports. */
export const OLD_CLIENT = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

/** A connection after its handshake; closed when the test is over. */
export function shakeHands(base: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(base);
  return new Promise((done, fail) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options }, () => {
      socket.off('error', fail).on('error', () => socket.destroy());
      done(socket);
    }).on('error', fail);
    onTestFinished(() => void socket.destroy());
  });
}

/** The certificate that a new connection gets. */
export async function fingerprintAt(base: string): Promise<string> {
  const socket = await shakeHands(base);
  return socket.getPeerCertificate().fingerprint256;
}

/** Everything received until the server closed the connection, and after how many milliseconds that was. */
export async function sendSecurely(base: string, bytes: string): Promise<{ text: string; ms: number }> {
  const socket = await shakeHands(base);
  const begun = performance.now();
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  if (bytes !== '') socket.write(bytes);
  await new Promise((done) => socket.once('close', done));
  return { text, ms: performance.now() - begun };
}
