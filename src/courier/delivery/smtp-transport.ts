import { pipeline, Transform } from 'node:stream';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import type { SmtpConfig, SmtpServer } from '../../config/index.js';
import type { KeyPair } from '../../platform/tls/index.js';
import { keptOneHadGone, smtpVerdict, type SmtpError } from './smtp-verdict.js';
import type { OutgoingMail, Transport, Verdict } from './transport.js';

interface SmtpSettings {
  /** milliseconds of silence after which a server that has the message is let go */
  readonly silence: number;
  readonly connections: number;
  /** for servers that ask for one */
  readonly certificate?: KeyPair | undefined;
}

/** What `sendMail` is given. */
interface Sending extends SendMailOptions {
  /** called when the session is up and the message's own commands begin */
  readonly onBegun: () => void;
  readonly lastByte: () => Promise<void>;
}

/** Milliseconds until a connection and its greeting must be there. */
const CONNECT = 10_000;
/** Messages after which a connection is made anew. */
const MESSAGES = 100;

/** Hands messages to an SMTP server, over connections that are kept while there are more. */
export class SmtpTransport implements Transport {
  readonly #transporter: Transporter;
  readonly #host: string;

  constructor(
    private readonly config: SmtpConfig,
    server: SmtpServer,
    settings: SmtpSettings,
  ) {
    this.#host = config.from_address.slice(config.from_address.lastIndexOf('@') + 1);
    this.#transporter = createTransport(optionsOf(config, server, settings));
    // nodemailer asks for the stream once the session is up, right before MAIL FROM; nothing in its errors tells
    this.#transporter.use('stream', ({ data, message }, done) => {
      const { onBegun, lastByte } = data as Sending;
      message.processFunc((stream) => {
        onBegun();
        return pipeline(stream, heldBack(lastByte), () => undefined); // a failure reaches who reads
      });
      done();
    });
  }

  async send(mail: OutgoingMail, signal: AbortSignal, lastByte: () => Promise<void>): Promise<Verdict> {
    if (!isOneAddress(mail.recipient))
      return { kind: 'refused', error: { message: 'the recipient is not one address' } };
    for (;;) {
      let begun = false;
      try {
        const sending: Sending = { ...this.#written(mail), signal, lastByte, onBegun: () => (begun = true) };
        await this.#transporter.sendMail(sending);
        return { kind: 'sent' };
      } catch (error) {
        if (begun && keptOneHadGone(error as SmtpError)) continue; // a new one decides, or the signal
        return smtpVerdict(error as SmtpError, begun);
      }
    }
  }

  #written(mail: OutgoingMail): SendMailOptions {
    const { from_address: from, from_name: name, headers } = this.config;
    return {
      envelope: { from, to: [mail.recipient] },
      from: name === '' ? from : { name, address: from },
      to: { name: '', address: mail.recipient },
      ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
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

/** Passes a message on, and its end when that is wanted. */
function heldBack(lastByte: () => Promise<void>): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void lastByte().then(() => done()),
  });
}

/** One mailbox and nothing that a header, a list or a route could be made of. */
const isOneAddress = (text: string): boolean => /^[^\s\p{Cc}<>,;:"()[\]\\@]+@[^\s\p{Cc}<>,;:"()\\@]+$/u.test(text);

function optionsOf(config: SmtpConfig, server: SmtpServer, settings: SmtpSettings): object {
  const { silence, connections, certificate } = settings;
  return {
    pool: true,
    maxConnections: connections,
    maxMessages: MESSAGES,
    maxRequeues: 0, // one call is one session: what was begun in another one would be taken for this one's
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    requireTLS: server.tls === 'required',
    ignoreTLS: server.tls === 'none',
    name: config.local_name || undefined,
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
