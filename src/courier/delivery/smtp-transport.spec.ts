/**
 * A mail server that hangs up or stays silent at each point of a session. Only from MAIL FROM on is this about the
 * message.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type CourierConfig, SmtpConfig } from '../../config/index.js';
import { SmtpTransport } from './smtp-transport.js';
import type { OutgoingMail, Verdict } from './transport.js';

type Step = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'content';
type Act = 'answer' | 'hang up' | 'say nothing';

const ANSWERS: Record<string, string> = { EHLO: '250-here\r\n250 AUTH PLAIN', AUTH: '235 in', DATA: '354 go on' };

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

/** Acts by the number of the connection and of the message in it, both from 1, and by the step. */
class ScriptedServer {
  connections = 0;
  /** messages received completely */
  taken = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(private readonly act: (step: Step, connection: number, message: number) => Act) {
    this.#server = createServer((socket) => this.#serve(socket, ++this.connections));
    cleanups.push(() => {
      for (const socket of this.#sockets) socket.destroy();
      this.#server.close();
    });
  }

  async port(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  #serve(socket: Socket, connection: number): void {
    this.#sockets.add(socket.on('error', () => undefined));
    let message = 0;
    let step: Step = 'greeting';
    let rest = '';
    const go = (next: Step): void => {
      step = next;
      if (step === 'MAIL') message += 1;
      const act = this.act(step, connection, message);
      if (act === 'hang up') socket.destroy();
      if (act !== 'answer') return;
      if (step === 'content') this.taken += 1;
      socket.write(`${ANSWERS[step] ?? (step === 'greeting' ? '220 hello' : '250 yes')}\r\n`);
    };
    go('greeting');
    socket.on('data', (part) => {
      rest += part.toString('latin1');
      const end = step === 'DATA' ? '\r\n.\r\n' : '\r\n';
      if (!rest.endsWith(end)) return;
      const next = step === 'DATA' ? 'content' : (/^[A-Z]+/.exec(rest)?.[0] as Step);
      rest = '';
      go(next);
    });
  }
}

async function transportTo(
  server: ScriptedServer,
): Promise<(signal?: AbortSignal, lastByte?: () => Promise<void>) => Promise<Verdict>> {
  const connection_uri = `smtp://me:secret@127.0.0.1:${await server.port()}/?disable_starttls=true`;
  const smtp: CourierConfig['smtp'] = Object.assign(new SmtpConfig(), { connection_uri });
  const transport = new SmtpTransport(smtp, smtp.server!, { silence: 10_000, connections: 3 });
  cleanups.push(() => transport.close());
  return (signal = new AbortController().signal, lastByte = () => Promise.resolve()) =>
    transport.send(MAIL, signal, lastByte);
}

const MAIL: OutgoingMail = {
  id: '0194fdc2-fa2f-7cc0-81d3-ff120745b9ec',
  recipient: 'ada@example.com',
  subject: 'Hello',
  text: 'Hello',
  html: '<p>Hello</p>',
  date: new Date(0),
  templateType: 'recovered',
  templateData: {},
};

const at =
  (act: Act, where: Step) =>
  (step: Step): Act =>
    step === where ? act : 'answer';

const BROKE = { kind: 'failed', error: { message: 'the connection broke' } };
const NO_SESSION = { kind: 'trouble', error: { message: 'no session (the connection broke)' } };
const SILENT = { kind: 'failed', error: { message: 'no answer in time' } };
const NEVER_READY = { kind: 'trouble', error: { message: 'no session (no answer in time)' } };

test.each([
  ['greeting', NO_SESSION],
  ['EHLO', NO_SESSION],
  ['AUTH', NO_SESSION],
  ['MAIL', BROKE],
  ['RCPT', BROKE],
  ['DATA', BROKE],
  ['content', BROKE],
] as const)('hangs up instead of answering %s', async (step, verdict) => {
  const server = new ScriptedServer(at('hang up', step));
  const send = await transportTo(server);
  expect(await send()).toEqual(verdict);
  expect(server.connections).toBe(1);
});

test.each([
  ['greeting', NEVER_READY],
  ['EHLO', NEVER_READY],
  ['AUTH', NEVER_READY],
  ['RCPT', SILENT],
  ['content', SILENT],
] as const)('does not answer %s', async (step, verdict) => {
  const send = await transportTo(new ScriptedServer(at('say nothing', step)));
  expect(await send(AbortSignal.timeout(1_000))).toEqual(verdict);
});

test('if the server has closed a pooled connection, the message uses another one', async () => {
  const server = new ScriptedServer((step, _, message) => (step === 'MAIL' && message === 2 ? 'hang up' : 'answer'));
  const send = await transportTo(server);
  expect([await send(), await send(), await send()]).toEqual(Array(3).fill({ kind: 'sent' }));
  expect([server.connections, server.taken]).toEqual([3, 3]);
});

test('if all pooled connections are closed, a new one is opened', async () => {
  const server = new ScriptedServer((step, _, message) => (step === 'MAIL' && message === 2 ? 'hang up' : 'answer'));
  const send = await transportTo(server);
  await Promise.all([send(), send(), send()]);
  expect(server.connections).toBe(3);
  expect(await send()).toEqual({ kind: 'sent' });
  expect([server.connections, server.taken]).toEqual([4, 4]);
});

test('if the server has closed a pooled connection and accepts no other, there is no session', async () => {
  const server = new ScriptedServer((step, connection, message) =>
    (connection === 1 ? step === 'MAIL' && message === 2 : step === 'EHLO') ? 'hang up' : 'answer',
  );
  const send = await transportTo(server);
  expect([await send(), await send()]).toEqual([{ kind: 'sent' }, NO_SESSION]);
});

test('if a pooled connection breaks after DATA, the message may have arrived and is not sent again', async () => {
  const server = new ScriptedServer((step, _, message) => (step === 'content' && message === 2 ? 'hang up' : 'answer'));
  const send = await transportTo(server);
  expect([await send(), await send()]).toEqual([{ kind: 'sent' }, BROKE]);
  expect(server.connections).toBe(1);
});

test('the last byte of a message waits for its turn', async () => {
  const steps: Step[] = [];
  const send = await transportTo(new ScriptedServer((step) => (steps.push(step), 'answer')));
  const { promise: free, resolve: go } = Promise.withResolvers<void>();
  const { promise: waiting, resolve: asked } = Promise.withResolvers<void>();
  const sent = send(undefined, () => (asked(), free));
  await waiting;
  await setTimeout(100);
  expect(steps).not.toContain('content');
  go();
  expect(await sent).toEqual({ kind: 'sent' });
  expect(steps.at(-1)).toBe('content');
});
