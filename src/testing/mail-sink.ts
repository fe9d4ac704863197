import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TestMail {
  readonly to: string;
  readonly subject: string;
  /** the plain text part */
  readonly text: string;
}

/** Milliseconds between two looks, and until somebody stops waiting. */
const SOON = 50;
const PATIENCE = 30_000;

/** An SMTP server on a free port of loopback that accepts everything and keeps it. */
export class MailSink {
  readonly mails: TestMail[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => this.#talk(socket));

  async start(): Promise<string> {
    await new Promise<void>((done, fail) => {
      this.#server.on('error', fail);
      this.#server.listen(0, '127.0.0.1', done);
    });
    return `smtp://127.0.0.1:${(this.#server.address() as { port: number }).port}/?disable_starttls=true`;
  }

  /** The first mail to that address; waits for it. @throws Error when none has come after 30 s */
  async to(address: string): Promise<TestMail> {
    for (let waited = 0; waited < PATIENCE; waited += SOON) {
      const found = this.mails.find(({ to }) => to === address);
      if (found) return found;
      await sleep(SOON);
    }
    throw new Error(`no mail came within ${PATIENCE / 1000} s`);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #talk(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
    let given = '';
    let recipient = '';
    let within = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      given += chunk;
      for (;;) {
        const end = within ? given.indexOf('\r\n.\r\n') : given.indexOf('\r\n');
        if (end < 0) return;
        const part = given.slice(0, end);
        given = given.slice(end + (within ? 5 : 2));
        if (within) {
          this.mails.push({ to: recipient, ...mailOf(part.replaceAll('\r\n..', '\r\n.')) });
          within = false;
          say('250 kept');
          continue;
        }
        const verb = part.slice(0, 4).toUpperCase();
        if (verb === 'RCPT') recipient = /<([^>]*)>/.exec(part)?.[1] ?? '';
        within = verb === 'DATA';
        say(ANSWERS[verb] ?? '250 ok');
        if (verb === 'QUIT') socket.end();
      }
    });
    say('220 ready');
  }
}

const ANSWERS: Readonly<Record<string, string>> = { DATA: '354 go on', QUIT: '221 bye' };

function mailOf(raw: string): Pick<TestMail, 'subject' | 'text'> {
  const { headers } = partOf(raw);
  return { subject: wordsOf(headers.get('subject') ?? ''), text: textIn(raw) ?? '' };
}

/** The first plain text, however deep it lies. */
function textIn(raw: string): string | undefined {
  const { headers, body } = partOf(raw);
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined)
    return body
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((part) => textIn(part.replace(/^\r\n/, '')))
      .find((text) => text !== undefined);
  return type.startsWith('text/plain') ? decoded(body, headers.get('content-transfer-encoding') ?? '') : undefined;
}

function partOf(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { headers: new Map(headers), body: raw.slice(end + 4) };
}

function decoded(body: string, encoding: string): string {
  if (/^base64$/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/^quoted-printable$/i.test(encoding)) return Buffer.from(body, 'latin1').toString('utf8');
  return quotedPrintable(body.replaceAll(/[ \t]*=\r\n/g, ''));
}

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** A header in which some words are encoded (RFC 2047). */
const wordsOf = (header: string): string =>
  header
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
      /b/i.test(how) ? Buffer.from(word, 'base64').toString('utf8') : quotedPrintable(word.replaceAll('_', ' ')),
    );
