import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Breaches } from './breaches.js';

// SHA-1 of "password1" is E38AD 214943DAAD1D64C102FAEC29DE4AFE9DA3D.
const LEAKED = '214943DAAD1D64C102FAEC29DE4AFE9DA3D:7';

/** Uses http instead of https, and allows more time on a busy machine. */
class Plain extends Breaches {
  protected override readonly time: number = 10_000;

  protected override range(server: string, prefix: string): Promise<string> {
    return super.range(server.replace(/^https:/, 'http:'), prefix);
  }
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function listening(server: Server): Promise<string> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => void sockets.push(socket.on('error', () => undefined)));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function count(listener: RequestListener): Promise<unknown> {
  const host = await listening(createHttpServer(listener));
  const breaches = new Plain();
  cleanups.push(() => breaches.onApplicationShutdown());
  return breaches.count('password1', host).catch((error: { code?: string }) => error.code);
}

describe('password lookup', () => {
  test('requests the padded prefix from the configured server', async () => {
    const asked: unknown[] = [];
    const found = await count((request, response) => {
      asked.push(request.url, request.headers['add-padding']);
      response.end(`0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n${LEAKED}\r\n`);
    });
    expect([found, ...asked]).toEqual([7, '/range/E38AD', 'true']);
  });

  test.each([
    ['says no', 'status 503', (_, response) => response.writeHead(503).end()],
    ['leads elsewhere', 'status 302', (_, response) => response.writeHead(302, { location: '/' }).end()],
    [
      'sends a compressed answer',
      'encoded',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    ],
    ['sends too much', 'large', (_, response) => response.end(`${LEAKED}\r\n${'0'.repeat(262_144)}`)],
    ['breaks off', 'unreachable', (request) => request.socket.destroy()],
  ] as [string, string, RequestListener][])('fails if the server %s: %s', async (_, code, listener) => {
    expect(await count(listener)).toBe(code);
  });

  test('stops reading an endless body', async () => {
    let sent = 0;
    const code = await count((_request, response) => {
      const chunk = Buffer.alloc(65_536, '0');
      const more = (): void => {
        while (!response.destroyed && sent < 1_000_000_000 && response.write(chunk)) sent += chunk.length;
        response.once('drain', more);
      };
      more();
    });
    expect(code).toBe('large');
    expect(sent).toBeLessThan(50_000_000);
  });

  test('gives a server half a second, including the connection', async () => {
    const host = await listening(createTcpServer());
    const begun = performance.now();
    await expect(new Breaches().count('password1', host)).rejects.toMatchObject({ name: 'LookupFailed', code: 'slow' });
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});
