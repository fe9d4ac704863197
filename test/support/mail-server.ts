import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  messageId: string;
  /** headers and body as received */
  raw: string;
  at: number;
}

/**
 * What the server does with a message: `accept` it; reply to RCPT TO with a code; stay `silent` forever after receiving
 * it; `reset` the connection instead of answering; `lost`: accept it, then reset the connection.
 */
export type Behaviour = 'accept' | number | 'silent' | 'reset' | 'lost';

/** A real SMTP server on a free loopback port, which keeps what it receives. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  /** by recipient */
  behave: (recipient: string) => Behaviour = () => 'accept';
  /** recipients in the order of the attempts */
  readonly tries: string[] = [];
  readonly hello: string[] = [];
  readonly #sockets = new Map<string, Socket>();
  #server: SMTPServer;

  private constructor(readonly options: SMTPServerOptions) {
    this.#server = this.#make();
  }

  static async start(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
    const server = new MailServer({ authOptional: true, disabledCommands: ['STARTTLS'], ...options });
    await server.#listen(port);
    return server;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  get uri(): string {
    return `smtp://127.0.0.1:${this.port}/?disable_starttls=true`;
  }

  to(recipient: string): ReceivedMail[] {
    return this.mails.filter(({ to }) => to.includes(recipient));
  }

  /** Acts like a machine that is switched off. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  async again(port: number): Promise<void> {
    this.#server = this.#make();
    await this.#listen(port);
  }

  async #listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server.server, 'listening');
  }

  #make(): SMTPServer {
    const server = new SMTPServer({
      logger: false,
      closeTimeout: 100,
      onMailFrom: (_address, session, done) => {
        this.hello.push(session.hostNameAppearsAs);
        done();
      },
      onRcptTo: ({ address }, _session, done) => {
        this.tries.push(address);
        const behaviour = this.behave(address);
        done(typeof behaviour === 'number' ? reply(behaviour) : null);
      },
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => this.#received(Buffer.concat(parts).toString('utf8'), session, done));
      },
      ...this.options,
    });
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => {
      const name = `${socket.remoteAddress}:${socket.remotePort}`;
      this.#sockets.set(name, socket);
      socket.once('close', () => this.#sockets.delete(name));
    });
    return server;
  }

  #received(raw: string, session: SMTPServerSession, done: (error?: Error) => void): void {
    const to = session.envelope.rcptTo.map(({ address }) => address);
    const behaviour = this.behave(to[0] ?? '');
    const mail = {
      from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
      to,
      messageId: /^message-id: *(.*)$/im.exec(raw)?.[1]?.trim() ?? '',
      raw,
      at: performance.now(),
    };
    const socket = this.#sockets.get(`${session.remoteAddress}:${session.remotePort}`);
    if (behaviour === 'silent') return;
    if (behaviour === 'reset') return void socket?.resetAndDestroy();
    this.mails.push(mail);
    if (behaviour === 'lost') return void socket?.resetAndDestroy();
    done();
  }
}

const reply = (code: number): Error => Object.assign(new Error('no'), { responseCode: code });
