import { connect, type ConnectionOptions, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import request from 'supertest';
import { onTestFinished } from 'vitest';
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js';
import type { TestCertificate } from '../support/certificates.js';
import { freePort } from '../support/server-process.js';

/** What a listener is given; undefined: plain HTTP. */
export type TlsKeys = { cert: object; key: object } | undefined;

export const inBase64 = ({ cert, key }: Pick<TestCertificate, 'cert' | 'key'>): TlsKeys => ({
  cert: { base64: Buffer.from(cert).toString('base64') },
  key: { base64: Buffer.from(key).toString('base64') },
});

/** The application with these listeners; its addresses begin with what they speak. */
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

/** Clients of this test believe these, and no longer when it is over. */
export function trust(...certificates: readonly TestCertificate[]): () => void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ...certificates.map(({ cert }) => cert)]);
  return () => setDefaultCACertificates(before);
}

/** The best that a client of another time can do. */
export const OLD_CLIENT = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

/** A connection after its handshake; it is gone when the test is over. */
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

/** Which certificate a new connection is shown. */
export async function fingerprintAt(base: string): Promise<string> {
  const socket = await shakeHands(base);
  return socket.getPeerCertificate().fingerprint256;
}

/** All that came back until the server closed the connection, and after how many milliseconds it did. */
export async function sendSecurely(base: string, bytes: string): Promise<{ text: string; ms: number }> {
  const socket = await shakeHands(base);
  const begun = performance.now();
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  if (bytes !== '') socket.write(bytes);
  await new Promise((done) => socket.once('close', done));
  return { text, ms: performance.now() - begun };
}
