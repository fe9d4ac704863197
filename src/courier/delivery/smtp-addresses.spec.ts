/** Internationalized addresses as they are sent over the wire. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { SmtpConfig } from '../../config/index.js';
import { readSmtpUri } from '../../config/sections/smtp-uri.js';
import { SmtpTransport } from './smtp-transport.js';
import type { OutgoingMail } from './transport.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(cleanups.splice(0).map((clean) => clean()))));

/** Accepts everything and records the raw lines; an SMTP library would normalize the addresses. */
async function listen(announces: readonly string[]): Promise<{ port: number; commands: string[]; raw: () => string }> {
  const commands: string[] = [];
  let raw = '';
  const server = createServer((socket) => {
    let inData = false;
    let rest = '';
    socket.on('error', () => undefined).write('220 hello\r\n');
    socket.setEncoding('utf8').on('data', (part: string) => {
      rest += part;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (inData) {
          if (line !== '.') raw += `${line}\r\n`;
          else inData = false;
          if (line === '.') socket.write('250 taken\r\n');
          continue;
        }
        commands.push(line);
        inData = line === 'DATA';
        const greeting = ['250-here', ...announces.map((each) => `250-${each}`), '250 OK'].join('\r\n');
        socket.write(`${/^EHLO/.test(line) ? greeting : inData ? '354 go on' : '250 yes'}\r\n`);
      }
    });
    cleanups.push(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, commands, raw: () => raw };
}

async function serverAnd(config: object, { hideSMTPUTF8 = false } = {}) {
  const wire = await listen(hideSMTPUTF8 ? ['8BITMIME'] : ['8BITMIME', 'SMTPUTF8']);
  const smtp: SmtpConfig = Object.assign(new SmtpConfig(), config);
  const uri = `smtp://127.0.0.1:${wire.port}/?disable_starttls=true`;
  const transport = new SmtpTransport(smtp, readSmtpUri(uri)!, { silence: 5_000, connections: 1 });
  cleanups.push(() => transport.close());
  const server = {
    get mails() {
      return wire.raw() === '' ? [] : [wire.raw()];
    },
    /** of MAIL FROM and RCPT TO */
    get tries() {
      return wire.commands.filter((line) => /^(MAIL|RCPT)/.test(line)).map((line) => /<(.*)>/.exec(line)![1]!);
    },
    commands: wire.commands,
  };
  const send = (recipient: string, more: Partial<OutgoingMail> = {}) => {
    const mail: OutgoingMail = {
      id: '0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a11',
      recipient,
      subject: 'Grüße',
      text: 'Grüße',
      html: '<p>Grüße</p>',
      date: new Date('2030-01-31T08:00:00Z'),
      templateType: 'stub',
      templateData: {},
      ...more,
    };
    return transport.send(mail, AbortSignal.timeout(10_000), () => Promise.resolve());
  };
  return { server, send };
}

const SENT = { kind: 'sent' };
const REFUSED = { kind: 'refused', error: { message: 'the server takes ASCII addresses only (no SMTPUTF8)' } };
const ascii = (text: string): boolean => /^[\r\n\t\x20-\x7e]*$/.test(text);

test.each([
  ['no-reply@bücher.example', 'xn--bcher-kva.example'],
  ['no-reply@日本.example', 'xn--wgv71a.example'],
  ['no-reply@mail.example', 'mail.example'],
])('from %s the Message-ID and the envelope have A-labels', async (from, host) => {
  const { server, send } = await serverAnd({ from_address: from, from_name: 'Bücher' }, { hideSMTPUTF8: true });
  expect(await send('ada@example.com')).toEqual(SENT);
  expect(server.mails[0]).toMatch(new RegExp(`^Message-ID: <0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a11@${host}>\r?$`, 'm'));
  expect(server.tries).toEqual([`no-reply@${host}`, 'ada@example.com']);
  expect(ascii(server.mails[0]!)).toBe(true);
});

test('domains of recipients and reply addresses are sent in A-labels, to any server', async () => {
  const { server, send } = await serverAnd({}, { hideSMTPUTF8: true });
  expect(await send('ada@Bücher.example', { replyTo: 'desk@bücher.example' })).toEqual(SENT);
  expect(server.tries[1]).toBe('ada@xn--bcher-kva.example');
  expect(server.mails[0]).toMatch(/^To: ada@xn--bcher-kva\.example\r?$/m);
  expect(server.mails[0]).toMatch(/^Reply-To: desk@xn--bcher-kva\.example\r?$/m);
  expect(ascii(server.mails[0]!)).toBe(true);
});

test.each(['jürgen@example.com', '用户@example.com', 'jürgen@bücher.example'])(
  '%s is sent to a server that announces SMTPUTF8, and requests it',
  async (recipient) => {
    const { server, send } = await serverAnd({});
    expect(await send(recipient)).toEqual(SENT);
    expect(server.tries[1]).toBe(recipient.replace('bücher', 'xn--bcher-kva'));
    expect(server.commands.find((line) => line.startsWith('MAIL'))).toContain('SMTPUTF8');
  },
);

test.each([
  ['a recipient', {}, 'jürgen@example.com', {}],
  ['a sender', { from_address: 'grüße@example.com' }, 'ada@example.com', {}],
  ['a reply address', {}, 'ada@example.com', { replyTo: 'grüße@example.com' }],
])('without SMTPUTF8, %s beyond ASCII is refused for good and never sent', async (_, config, to, more) => {
  const { server, send } = await serverAnd(config, { hideSMTPUTF8: true });
  expect(await send(to, more)).toEqual(REFUSED);
  expect([server.mails, server.tries]).toEqual([[], []]);
});

test('the connection can be used for the next message', async () => {
  const { server, send } = await serverAnd({}, { hideSMTPUTF8: true });
  const verdicts = [await send('ada@example.com'), await send('jürgen@example.com'), await send('eve@example.com')];
  expect(verdicts).toEqual([SENT, REFUSED, SENT]);
  expect(server.tries.filter((each) => !each.startsWith('no-reply'))).toEqual(['ada@example.com', 'eve@example.com']);
  expect(server.commands.filter((line) => line.startsWith('EHLO'))).toHaveLength(1);
});

test.each(['ada@a b.example', 'ada@%zz', 'ada@xn--ü', 'ada@'])('%s is not an address', async (recipient) => {
  const { server, send } = await serverAnd({});
  expect(await send(recipient)).toMatchObject({ kind: 'refused' });
  expect(server.tries).toEqual([]);
});

test('EHLO sends an internationalized host name in A-labels', async () => {
  const { server, send } = await serverAnd({ local_name: 'bücher.example' });
  await send('ada@example.com');
  expect(server.commands[0]).toBe('EHLO xn--bcher-kva.example');
});
