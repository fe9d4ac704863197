import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { MailServer } from '../support/mail-server.js';
import { makeDue, storedMessages, type StoredMessage, writeMessages } from '../support/outbox.js';
import { until } from '../support/until.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function appWith(courier: object, regain: object = {}): Promise<TestApp> {
  const app = await startTestApp({ deliver: true, config: { courier, regain: { courier: regain } } });
  cleanups.push(() => app.stop());
  return app;
}

async function mailServer(...given: Parameters<typeof MailServer.start>): Promise<MailServer> {
  const server = await MailServer.start(...given);
  cleanups.push(() => server.stop());
  return server;
}

const whenOne = (app: TestApp, what: string, holds: (message: StoredMessage) => boolean): Promise<StoredMessage> =>
  until(what, async () => (await storedMessages(app.sql)).find(holds));

const isSent = ({ status }: StoredMessage): boolean => status === 'sent';
const hasFailed = ({ status, errors }: StoredMessage): boolean => status === 'queued' && errors.length > 0;

describe('connection_uri', () => {
  const secured = { disabledCommands: [], authOptional: true };

  test('smtp:// requires STARTTLS: if the server does not offer it, nothing is sent and no attempt is lost', async () => {
    const server = await mailServer();
    const app = await appWith({ smtp: { connection_uri: `smtp://127.0.0.1:${server.port}/` } });
    await writeMessages(app.sql, ['ada@example.com']);
    expect(await whenOne(app, 'trouble', hasFailed)).toMatchObject({
      send_count: 1,
      trouble_count: 1,
      has_secret: true,
    });
    expect(server.tries).toEqual([]);
  });

  test.each([
    ['smtp://127.0.0.1:PORT/?skip_ssl_verify=true', secured],
    ['smtps://127.0.0.1:PORT/?skip_ssl_verify=true', { ...secured, secure: true }],
  ] as const)('%s sends over TLS', async (uri, options) => {
    const seen: boolean[] = [];
    const server = await mailServer({
      ...options,
      disabledCommands: [],
      onMailFrom: (_address, session, done) => {
        seen.push(session.secure);
        done();
      },
    });
    const app = await appWith({ smtp: { connection_uri: uri.replace('PORT', String(server.port)) } });
    await writeMessages(app.sql, ['ada@example.com']);
    await whenOne(app, 'sent', isSent);
    expect(seen).toEqual([true]);
  });

  test.each([
    ['smtp://127.0.0.1:PORT/', secured],
    ['smtps://127.0.0.1:PORT/', { ...secured, secure: true }],
  ] as const)('%s refuses an untrusted certificate', async (uri, options) => {
    const server = await mailServer({ ...options, disabledCommands: [] });
    const app = await appWith({ smtp: { connection_uri: uri.replace('PORT', String(server.port)) } });
    await writeMessages(app.sql, ['ada@example.com']);
    expect((await whenOne(app, 'trouble', hasFailed)).trouble_count).toBe(1);
    expect(server.tries).toEqual([]);
  });

  test('logs in with the given credentials; a wrong password costs no message an attempt', async () => {
    const server = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'a@b.example' && password === 'p/w:d%' ? done(null, { user: 'a' }) : done(new Error('no')),
    });
    const at = `@127.0.0.1:${server.port}/?disable_starttls=true`;
    const right = await appWith({ smtp: { connection_uri: `smtp://a%40b.example:p%2Fw%3Ad%25${at}` } });
    await writeMessages(right.sql, ['ada@example.com']);
    await whenOne(right, 'sent', isSent);
    const wrong = await appWith({ smtp: { connection_uri: `smtp://a%40b.example:wrong${at}` } });
    await writeMessages(wrong.sql, ['ada@example.com']);
    const failed = await whenOne(wrong, 'trouble', hasFailed);
    expect(failed.errors[0]).toBe('the server answered AUTH PLAIN with 535');
    expect(failed.trouble_count).toBe(1);
  });
});

test('an unreachable server costs no attempt and is left alone; once it is back, everything is delivered', async () => {
  const server = await mailServer();
  const { port } = server;
  await server.stop();
  const app = await appWith({
    message_retries: 0,
    smtp: { connection_uri: `smtp://127.0.0.1:${port}/?disable_starttls=true` },
  });
  const messages = await writeMessages(
    app.sql,
    Array.from({ length: 40 }, (_, i) => `p${i}@example.com`),
  );
  await until('all were put off', async () => {
    const rows = await storedMessages(app.sql);
    return rows.every(({ status, due_in }) => status === 'queued' && due_in > 0) || undefined;
  });
  const rows = await storedMessages(app.sql);
  expect(rows.map((row) => row.send_count - row.trouble_count)).toEqual(rows.map(() => 0));
  expect(rows.filter(({ trouble_count }) => trouble_count > 0).length).toBeLessThanOrEqual(20);
  await server.again(port);
  await until('all were sent', async () => {
    await makeDue(
      app.sql,
      messages.map(({ id }) => id),
    );
    await setTimeout(500);
    return (await storedMessages(app.sql)).every(isSent) || undefined;
  });
  expect(server.mails).toHaveLength(40);
});

test(
  'a stop finishes running deliveries and cuts those that never end; the rest waits for another server',
  { timeout: 60_000 },
  async () => {
    const server = await mailServer();
    server.behave = (to) => (to.startsWith('silent') ? 'silent' : 'accept');
    const other = await startTestApp();
    cleanups.push(() => other.stop());
    const app = await startTestApp({
      deliver: true,
      databaseUrl: other.databaseUrl,
      config: { courier: { smtp: { connection_uri: server.uri } } },
    });
    await writeMessages(app.sql, ['silent@example.com']);
    await until('it is under way', () => server.tries.length === 1 || undefined);
    await writeMessages(
      app.sql,
      Array.from({ length: 20 }, (_, i) => `p${i}@example.com`),
    );
    await until('some are sent', () => server.mails.length > 0 || undefined);
    await app.stop();
    const rows = await storedMessages(other.sql);
    expect(rows.filter(({ status }) => status === 'processing')).toEqual([]);
    expect(server.mails.length).toBe(rows.filter(isSent).length);
    const cut = rows.find(({ recipient }) => recipient === 'silent@example.com')!;
    expect(cut).toMatchObject({
      status: 'queued',
      errors: ['the server was stopped'],
      trouble_count: 1,
      has_secret: true,
    });
  },
);

test('a stop cuts deliveries that wait for a session, and says so', async () => {
  let connected = false;
  const server = await mailServer({ onConnect: () => void (connected = true) }); // and never a greeting
  const other = await startTestApp();
  cleanups.push(() => other.stop());
  const app = await startTestApp({
    deliver: true,
    databaseUrl: other.databaseUrl,
    config: { courier: { message_retries: 0, smtp: { connection_uri: server.uri } } },
  });
  await writeMessages(app.sql, ['ada@example.com']);
  await until('it is under way', () => connected || undefined);
  await app.stop();
  const [cut] = await storedMessages(other.sql);
  expect(cut).toMatchObject({
    status: 'queued',
    errors: ['the server was stopped'],
    trouble_count: 1,
    has_secret: true,
  });
});

describe('delivery_strategy http', () => {
  interface Seen {
    method: string;
    url: string;
    headers: IncomingHttpHeaders;
    body: Record<string, unknown>;
  }

  async function httpServer(
    answer: (seen: Seen) => number | 'silent' | 'endless' | Promise<number>,
  ): Promise<{ url: string; seen: Seen[] }> {
    const seen: Seen[] = [];
    const server: Server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
        const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
        seen.push(one);
        void Promise.resolve(answer(one)).then((status) => {
          if (status === 'silent') return;
          if (status === 'endless') return void response.writeHead(202).write('{"secret":');
          response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end('{"secret":"no"}');
        });
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    cleanups.push(() => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`, seen };
  }

  const strategy = (request_config: object) => ({ delivery_strategy: 'http', http: { request_config } });

  test('posts the documented JSON, with headers and key', async () => {
    const { url, seen } = await httpServer(() => 202);
    const app = await appWith(
      strategy({
        url,
        method: 'PUT',
        headers: { 'X-Own': 'yes' },
        auth: { type: 'api_key', config: { name: 'X-Key', value: 'k-1', in: 'header' } },
      }),
    );
    const [message] = await writeMessages(app.sql, ['ada@example.com']);
    expect(await whenOne(app, 'sent', isSent)).toMatchObject({ has_secret: false });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      url: '/send',
      headers: { 'x-own': 'yes', 'x-key': 'k-1', 'content-type': 'application/json', 'idempotency-key': message!.id },
      body: {
        recipient: 'ada@example.com',
        subject: `Use code ${message!.code} to recover access to your account`,
        template_type: 'recovery_code_valid',
        template_data: { to: 'ada@example.com', recovery_code: message!.code, expires_in_minutes: 60 },
        message_type: 'email',
      },
    });
    expect(seen[0]!.body['body']).toContain(message!.code);
    expect(seen[0]!.body['html_body']).toContain('<html');
  });

  test.each([
    [200, { status: 'sent' }],
    [400, { status: 'abandoned', has_secret: false }],
    [422, { status: 'abandoned', has_secret: false }],
    [301, { status: 'queued', trouble_count: 1 }],
    [401, { status: 'queued', trouble_count: 1 }],
    [404, { status: 'queued', trouble_count: 1 }],
    [429, { status: 'queued', trouble_count: 0 }],
    [500, { status: 'queued', trouble_count: 0 }],
  ])('an answer of %i', async (status, expected) => {
    const { url, seen } = await httpServer(() => status);
    const app = await appWith(strategy({ url, auth: { type: 'basic_auth', config: { user: 'me', password: 'pw' } } }));
    await writeMessages(app.sql, ['ada@example.com']);
    const message = await whenOne(app, 'a verdict', ({ errors, status }) => status === 'sent' || errors.length > 0);
    expect(message).toMatchObject(expected);
    expect(seen).toHaveLength(1);
    expect(seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`);
  });

  test('an answer may take as long as send_timeout, and its body does not matter', async () => {
    const late = await httpServer(() => setTimeout(6_000, 200));
    const app = await appWith(strategy({ url: late.url }));
    await writeMessages(app.sql, ['ada@example.com']);
    expect(await whenOne(app, 'sent', isSent)).toMatchObject({ errors: [null], send_count: 1 });
    const { url } = await httpServer(() => 'endless');
    const other = await appWith(strategy({ url }), { send_timeout: '20s' });
    await writeMessages(other.sql, ['ada@example.com']);
    const begun = performance.now();
    await whenOne(other, 'sent', isSent);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  test('no answer within send_timeout is retried; a refused connection costs no attempt', async () => {
    const { url } = await httpServer(() => 'silent');
    const app = await appWith(strategy({ url }), { send_timeout: '2s' });
    await writeMessages(app.sql, ['ada@example.com']);
    expect(await whenOne(app, 'failed', hasFailed)).toMatchObject({ errors: ['no answer in time'], trouble_count: 0 });
    const nobody = await appWith(strategy({ url: await closedUrl() }));
    await writeMessages(nobody.sql, ['ada@example.com']);
    expect(await whenOne(nobody, 'failed', hasFailed)).toMatchObject({
      errors: ['no connection (ECONNREFUSED)'],
      trouble_count: 1,
    });
  });
});

/** A port that nobody listens on. */
async function closedUrl(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}/`;
}
