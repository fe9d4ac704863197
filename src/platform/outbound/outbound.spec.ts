import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Outbound, type OutboundRequest, type OutboundRules } from './outbound.js';

const NOTHING: OutboundRules = { origins: [], privateNetworks: false, exceptions: [] };
const servers: Server[] = [];
const sockets: Socket[] = [];
const names: Record<string, string[]> = {};
/** number of look-ups */
let lookups = 0;
let outbound: Outbound;

beforeEach(() => {
  lookups = 0;
  outbound = new Outbound({
    lookup: (host, _options, done) => {
      lookups += 1;
      const found = names[host];
      if (!found) return done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
      done(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
  });
});
afterEach(async () => {
  await outbound.onApplicationShutdown();
  await closeAll();
});

async function closeAll(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
}

async function serve(listener: RequestListener): Promise<{ port: number; asked: () => number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    listener(request, response);
  });
  await listen(server);
  return { port: (server.address() as AddressInfo).port, asked: () => asked };
}

async function listen(server: Server): Promise<void> {
  servers.push(server);
  server.on('connection', (socket: Socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
}

/** Accepts connections and never answers. */
async function mute(): Promise<{ port: number }> {
  const server = createTcpServer();
  await listen(server);
  return { port: (server.address() as AddressInfo).port };
}

const hello: RequestListener = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`${request.method} ${request.url}`);
};
const troubleOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { trouble?: string }) => error.trouble,
  );

describe('where a request may go', () => {
  test('a configured origin may point to any network', async () => {
    const { port } = await serve(hello);
    const origin = `http://127.0.0.1:${port}`;
    const answer = await outbound.fetch(`${origin}/a?b=c`, { ...NOTHING, origins: [origin] });
    expect([answer.status, await answer.text()]).toEqual([200, 'GET /a?b=c']);
  });

  test.each([
    ['another port', (port: number) => `http://127.0.0.1:${port === 1 ? 2 : 1}`],
    ['another name', (port: number) => `http://localhost:${port}`],
    ['another scheme', (port: number) => `https://127.0.0.1:${port}`],
    ['a name with the same beginning', (port: number) => `http://127.0.0.1:${port}.example.org`],
  ])('it does not cover %s', async (_, named) => {
    const { port, asked } = await serve(hello);
    const rules = { ...NOTHING, origins: [named(port)] };
    expect(await troubleOf(outbound.fetch(`http://127.0.0.1:${port}/`, rules))).toBe('scheme');
    expect(asked()).toBe(0);
  });

  test.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['[::1]'],
    ['[::ffff:127.0.0.1]'],
    ['[64:ff9b::7f00:1]'],
    ['2130706433'],
    ['0x7f.1'],
    ['127.1'],
    ['0'],
  ])('the literal address %s is rejected when learned at run time', async (host) => {
    expect(await troubleOf(outbound.fetch(`https://${host}/`, NOTHING))).toBe('address');
    expect(lookups).toBe(0);
  });

  test.each([
    ['a private network', ['10.0.0.7']],
    ['loopback', ['127.0.0.1']],
    ['loopback by IPv6', ['::1']],
    ['loopback, mapped', ['::ffff:127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['metadata behind NAT64', ['64:ff9b::a9fe:a9fe']],
    ['the internet and a private network', ['93.184.216.34', '192.168.0.1']],
  ])('a name that points to %s is rejected when learned at run time', async (_, addresses) => {
    const { port, asked } = await serve(hello);
    names['provider.test'] = addresses;
    expect(await troubleOf(outbound.fetch(`https://provider.test:${port}/`, NOTHING))).toBe('address');
    expect([lookups, asked()]).toEqual([1, 0]);
  });

  test('if private networks are allowed, metadata services still are not', async () => {
    const rules = { ...NOTHING, privateNetworks: true };
    names['inside.test'] = ['127.0.0.1'];
    // no TLS there, so the connection is made and then breaks
    const { port } = await serve(hello);
    expect(await troubleOf(outbound.fetch(`https://inside.test:${port}/`, rules))).toBe('unreachable');
    names['metadata.test'] = ['169.254.169.254'];
    expect(await troubleOf(outbound.fetch('https://metadata.test/', rules))).toBe('address');
    expect(await troubleOf(outbound.fetch('https://169.254.169.254/', rules))).toBe('address');
  });

  test('exceptions may point anywhere, and match exactly', async () => {
    const { port } = await serve(hello);
    const fetch = (pattern: string, path: string) =>
      troubleOf(outbound.fetch(`http://127.0.0.1:${port}${path}`, { ...NOTHING, exceptions: [pattern] }));
    expect(await fetch(`http://127.0.0.1:${port}/keys`, '/keys')).toBe('none');
    expect(await fetch(`http://127.0.0.1:${port}/keys`, '/keys?x=1')).toBe('none');
    expect(await fetch(`http://127.0.0.1:${port}/*`, '/keys')).toBe('none');
    expect(await fetch(`http://127.0.0.1:${port}/**`, '/a/b')).toBe('none');
    expect(await fetch(`http://127.0.0.1:${port}/*`, '/a/b')).toBe('scheme');
    expect(await fetch(`http://127.0.0.1:${port}/keys`, '/keys/more')).toBe('scheme');
    expect(await fetch(`http://127x0.0.1:${port}/keys`, '/keys')).toBe('scheme');
  });

  test('only http and https are supported', async () => {
    expect(await troubleOf(outbound.fetch('http://93.184.216.34/', NOTHING))).toBe('scheme');
    expect(await troubleOf(outbound.fetch('file:///etc/passwd', { ...NOTHING, exceptions: ['**'] }))).toBe('scheme');
  });

  test('a redirect is returned, not followed', async () => {
    const inside = await serve(hello);
    const { port } = await serve((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end();
    });
    const origin = `http://127.0.0.1:${port}`;
    const answer = await outbound.fetch(origin, { ...NOTHING, origins: [origin] });
    expect([answer.status, inside.asked()]).toEqual([302, 0]);
  });
});

describe('limits of a request', () => {
  const from = async (listener: RequestListener, signal?: AbortSignal) => {
    const { port } = await serve(listener);
    const origin = `http://127.0.0.1:${port}`;
    const begun = performance.now();
    const trouble = await troubleOf(outbound.fetch(origin, { ...NOTHING, origins: [origin] }, { signal }));
    return { trouble, milliseconds: performance.now() - begun };
  };

  test('a megabyte is accepted, one byte more is not', async () => {
    const sized =
      (size: number): RequestListener =>
      (_request, response) =>
        response.end(Buffer.alloc(size));
    expect((await from(sized(1_048_576))).trouble).toBe('none');
    expect((await from(sized(1_048_577))).trouble).toBe('large');
  });

  test('an endless body is not accepted', async () => {
    const endless: RequestListener = (_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', more);
      };
      more();
    };
    expect((await from(endless)).trouble).toBe('large');
  });

  test.each([
    ['a server that never answers', () => undefined],
    [
      'a server that sends a byte now and then',
      (_request, response) => {
        const timer = setInterval(() => response.write('x'), 200);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ] as [string, RequestListener][])('%s is abandoned after 5 s', { timeout: 10_000 }, async (_, listener) => {
    const { trouble, milliseconds } = await from(listener);
    expect(trouble).toBe('slow');
    expect(milliseconds).toBeGreaterThan(4_900);
    expect(milliseconds).toBeLessThan(6_000);
  });

  test('a caller may set a shorter time', async () => {
    const { trouble, milliseconds } = await from(() => undefined, AbortSignal.timeout(100));
    expect(trouble).toBe('slow');
    expect(milliseconds).toBeLessThan(1_000);
  });

  test('a broken connection and an unknown name', async () => {
    expect((await from((request) => request.socket.destroy())).trouble).toBe('unreachable');
    expect(await troubleOf(outbound.fetch('https://nobody.test/', NOTHING))).toBe('unreachable');
  });

  test('a caller may set other limits', async () => {
    const asking = async (listener: RequestListener, options: OutboundRequest) => {
      const { port } = await serve(listener);
      const origin = `http://127.0.0.1:${port}`;
      const begun = performance.now();
      const trouble = await troubleOf(outbound.fetch(origin, { ...NOTHING, origins: [origin] }, options));
      return { trouble, milliseconds: performance.now() - begun };
    };
    const sized: RequestListener = (_request, response) => void response.end(Buffer.alloc(1_000));
    expect((await asking(sized, { size: 999 })).trouble).toBe('large');
    expect((await asking(sized, { size: 1_000 })).trouble).toBe('none');
    const late: RequestListener = (_request, response) => void setTimeout(() => response.end(), 6_000);
    expect((await asking(late, { time: 20_000 })).trouble).toBe('none');
    expect((await asking(late, { time: 200 })).milliseconds).toBeLessThan(3_000);
  });

  test('time also runs while connecting', async () => {
    const { port } = await mute();
    const origin = `https://127.0.0.1:${port}`;
    const begun = performance.now();
    expect(await troubleOf(outbound.fetch(origin, { ...NOTHING, origins: [origin] }, { time: 200 }))).toBe('slow');
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test.each([
    ['that never ends', (response: ServerResponse) => void response.write('x')],
    ['of 2 MB', (response: ServerResponse) => void response.end(Buffer.alloc(2_000_000))],
    ['that breaks off', (response: ServerResponse) => void response.write('x', () => response.destroy())],
  ])('a status-only request accepts a body %s', async (_, body) => {
    const { port } = await serve((_request, response) => body(response.writeHead(202)));
    const origin = `http://127.0.0.1:${port}`;
    const begun = performance.now();
    const answer = await outbound.fetch(origin, { ...NOTHING, origins: [origin] }, { statusOnly: true });
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test('a failure says whether the request may have been received', async () => {
    const failure = (address: string) =>
      outbound.fetch(address, { ...NOTHING, origins: [address] }, { time: 10_000 }).catch((error: unknown) => error);
    const { port } = await serve((request) => request.socket.destroy());
    expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({ trouble: 'unreachable', sent: true });
    expect(await failure(`https://127.0.0.1:${port}`)).toMatchObject({ trouble: 'unreachable', sent: false });
    await closeAll();
    const refused = { trouble: 'unreachable', code: 'ECONNREFUSED', sent: false };
    expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject(refused);
    names['both.test'] = ['127.0.0.1', '::1'];
    expect(await failure(`http://both.test:${port}`)).toMatchObject(refused);
  });

  test('method, headers and body arrive', async () => {
    const got: string[] = [];
    const { port } = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => got.push(text));
      request.on('end', () => response.end(`${request.method} ${request.headers['x-test']}`));
    });
    const origin = `http://127.0.0.1:${port}`;
    const body = new URLSearchParams({ a: 'b&c' });
    const sent = { method: 'POST', headers: { 'x-test': 'yes' }, body };
    const answer = await outbound.fetch(origin, { ...NOTHING, origins: [origin] }, sent);
    expect([await answer.text(), got.join('')]).toEqual(['POST yes', 'a=b%26c']);
  });
});
