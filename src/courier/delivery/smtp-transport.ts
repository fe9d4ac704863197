import { pipeline, Transform } from 'node:stream';
import { domainToASCII } from 'node:url';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import type { SmtpConfig, SmtpServer } from '../../config/index.js';
import type { KeyPair } from '../../platform/tls/index.js';
import { keptOneHadGone, smtpVerdict, type SmtpError } from './smtp-verdict.js';
import type { OutgoingMail, Transport, Verdict } from './transport.js';

interface SmtpSettings {
  /** milliseconds of silence after which we give up on a server that has the message */
  readonly silence: number;
  readonly connections: number;
  /** for servers that request one */
  readonly certificate?: KeyPair | undefined;
}

/** The argument of `sendMail`. */
interface Sending extends SendMailOptions {
  /** the envelope as sent to the server */
  readonly wire: { readonly from: string; readonly to: readonly string[] };
  /** called once the session is up and MAIL FROM is about to be sent */
  readonly onBegun: () => void;
  readonly lastByte: () => Promise<void>;
  /** called instead of MAIL FROM if the server does not accept the message's addresses */
  readonly onWithoutUtf8: () => void;
}

/** Milliseconds for connecting and for the server's greeting. */
const CONNECT = 10_000;
/** Messages per connection. */
const MESSAGES = 100;

/** Sends messages to an SMTP server over pooled connections. */
export class SmtpTransport implements Transport {
  readonly #transporter: Transporter;
  readonly #from: string;
  readonly #host: string;

  constructor(
    private readonly config: SmtpConfig,
    server: SmtpServer,
    settings: SmtpSettings,
  ) {
    this.#from = onTheWire(config.from_address) ?? config.from_address;
    this.#host = this.#from.slice(this.#from.lastIndexOf('@') + 1);
    this.#transporter = createTransport(optionsOf(config, server, settings));
    // nodemailer opens the stream once the session is up, right before MAIL FROM. Its errors do not tell how far it
    // got.
    this.#transporter.use('stream', ({ data, message }, done) => {
      const { onBegun, lastByte, onWithoutUtf8, wire } = data as Sending;
      message.processFunc((stream) => {
        const usable = !needsUtf8(data) || announcesUtf8(this.#transporter, message);
        if (!usable) onWithoutUtf8();
        // nodemailer writes the domain in Unicode if the local part is
        Object.assign(message.getEnvelope(), usable ? wire : NOWHERE);
        onBegun();
        return pipeline(stream, heldBack(lastByte), () => undefined); // the reader of the stream sees a failure
      });
      done();
    });
  }

  async send(mail: OutgoingMail, signal: AbortSignal, lastByte: () => Promise<void>): Promise<Verdict> {
    const recipient = onTheWire(mail.recipient);
    if (recipient === undefined) return { kind: 'refused', error: { message: 'the recipient is not one address' } };
    for (;;) {
      let begun = false;
      let withoutUtf8 = false;
      try {
        const sending: Sending = {
          ...this.#written(mail, recipient),
          wire: { from: this.#from, to: [recipient] },
          signal,
          lastByte,
          onBegun: () => (begun = true),
          onWithoutUtf8: () => (withoutUtf8 = true),
        };
        await this.#transporter.sendMail(sending);
        return { kind: 'sent' };
      } catch (error) {
        if (withoutUtf8)
          return { kind: 'refused', error: { message: 'the server takes ASCII addresses only (no SMTPUTF8)' } };
        if (begun && keptOneHadGone(error as SmtpError)) continue; // retry on a new connection, unless aborted
        return smtpVerdict(error as SmtpError, begun);
      }
    }
  }

  #written(mail: OutgoingMail, recipient: string): SendMailOptions {
    const { from_name: name, headers } = this.config;
    const from = this.#from;
    return {
      envelope: { from, to: [recipient] },
      from: name === '' ? from : { name, address: from },
      to: { name: '', address: recipient },
      ...(mail.replyTo === undefined ? {} : { replyTo: onTheWire(mail.replyTo) ?? mail.replyTo }),
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: `<${mail.id}@${this.#host}>`,
      date: mail.date,
      headers: { 'Auto-Submitted': 'auto-generated', ...headers },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }

  close(): void {
    this.#transporter.close();
  }
}

/** Passes a message through, but holds back its end until `lastByte` resolves. */
function heldBack(lastByte: () => Promise<void>): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void lastByte().then(() => done()),
  });
}

/** A single mailbox, without characters that could form a header, a list or a route. */
const ONE_ADDRESS = /^([^\s\p{Cc}<>,;:"()[\]\\@]+)@([^\s\p{Cc}<>,;:"()\\@]+)$/u;
/** An address literal: `[192.0.2.1]`. */
const LITERAL = /^\[[0-9A-Za-z.]+\]$/;

/** The address as sent to servers, with its domain in A-labels. Undefined if it is not exactly one address. */
function onTheWire(address: string): string | undefined {
  const [, local, domain = ''] = ONE_ADDRESS.exec(address) ?? [];
  const ascii = LITERAL.test(domain) ? domain : domainToASCII(domain);
  return local === undefined || ascii === '' ? undefined : `${local}@${ascii}`;
}

/** nodemailer rejects this and keeps the connection. */
const NOWHERE = { to: ['<'] };

/** Whether an address of the message has a local part that requires SMTPUTF8 (RFC 6531). */
const needsUtf8 = ({ envelope, replyTo }: SendMailOptions): boolean =>
  /[\u0080-\uffff]/.test(JSON.stringify([envelope, replyTo ?? '']));

/** Internals of nodemailer: which connection has the message, and what its server announced. */
interface Connections {
  readonly _connections?: readonly {
    readonly queueEntry?: { readonly mail: { readonly message: unknown } } | false;
    readonly connection?: { readonly _supportedExtensions?: readonly string[] };
  }[];
}

/**
 * Without the keyword, nodemailer would send such an address anyway, and a server that accepts it could lose or misread
 * it.
 */
function announcesUtf8(transporter: Transporter, message: unknown): boolean {
  const { _connections: all = [] } = transporter.transporter as Connections;
  const own = all.find(({ queueEntry }) => queueEntry && queueEntry.mail.message === message);
  return own?.connection?._supportedExtensions?.includes('SMTPUTF8') ?? false;
}

function optionsOf(config: SmtpConfig, server: SmtpServer, settings: SmtpSettings): object {
  const { silence, connections, certificate } = settings;
  return {
    pool: true,
    maxConnections: connections,
    maxMessages: MESSAGES,
    maxRequeues: 0, // one call is one session, or `begun` could come from an earlier one
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    requireTLS: server.tls === 'required',
    ignoreTLS: server.tls === 'none',
    name: domainToASCII(config.local_name) || config.local_name || undefined,
    ...(server.user === '' ? {} : { auth: { user: server.user, pass: server.password } }),
    tls: {
      servername: isIp(server.serverName) ? '' : server.serverName,
      rejectUnauthorized: server.verify,
      ...(certificate && { cert: certificate.cert, key: certificate.key }),
    },
    connectionTimeout: CONNECT,
    greetingTimeout: CONNECT,
    dnsTimeout: CONNECT,
    socketTimeout: silence,
    logger: false,
  };
}

const isIp = (host: string): boolean => host.includes(':') || /^[\d.]+$/.test(host);
