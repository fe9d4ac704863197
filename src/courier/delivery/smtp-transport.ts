import { readFileSync } from 'node:fs';
import { createTransport, type Transporter } from 'nodemailer';
import type { SmtpConfig, SmtpServer } from '../../config/index.js';
import { smtpVerdict, type SmtpError } from './smtp-verdict.js';
import type { OutgoingMail, Transport, Verdict } from './transport.js';

export interface SmtpTimes {
  /** milliseconds of silence after which a server that has the message is let go */
  readonly silence: number;
  readonly connections: number;
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
    times: SmtpTimes,
  ) {
    this.#host = config.from_address.slice(config.from_address.lastIndexOf('@') + 1);
    this.#transporter = createTransport(optionsOf(config, server, times));
  }

  async send(mail: OutgoingMail, signal: AbortSignal): Promise<Verdict> {
    if (!isOneAddress(mail.recipient))
      return { kind: 'refused', error: { message: 'the recipient is not one address' } };
    const { from_address: from, from_name: name, headers } = this.config;
    try {
      await this.#transporter.sendMail({
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
        signal,
      });
      return { kind: 'sent' };
    } catch (error) {
      return signal.aborted
        ? { kind: 'failed', error: { message: 'no answer in time' } }
        : smtpVerdict(error as SmtpError);
    }
  }

  close(): void {
    this.#transporter.close();
  }
}

/** One mailbox and nothing that a header, a list or a route could be made of. */
const isOneAddress = (text: string): boolean => /^[^\s\p{Cc}<>,;:"()[\]\\@]+@[^\s\p{Cc}<>,;:"()\\@]+$/u.test(text);

function optionsOf(config: SmtpConfig, server: SmtpServer, { silence, connections }: SmtpTimes): object {
  const certificate =
    config.client_cert_path === ''
      ? {}
      : { cert: readFileSync(config.client_cert_path), key: readFileSync(config.client_key_path) };
  return {
    pool: true,
    maxConnections: connections,
    maxMessages: MESSAGES,
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
      ...certificate,
    },
    connectionTimeout: CONNECT,
    greetingTimeout: CONNECT,
    dnsTimeout: CONNECT,
    socketTimeout: silence,
    logger: false,
  };
}

const isIp = (host: string): boolean => host.includes(':') || /^[\d.]+$/.test(host);
