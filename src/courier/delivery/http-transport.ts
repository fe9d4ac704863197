import type { RequestConfig } from '../../config/index.js';
import { type Outbound, OutboundFailed, type OutboundRules } from '../../platform/outbound/index.js';
import type { OutgoingMail, Transport, Verdict } from './transport.js';

/** Worth a retry: timeout, conflict, too early, too many requests. */
const LATER = new Set([408, 409, 425, 429]);
/** The configuration must be changed first. */
const MISCONFIGURED = new Set([401, 403, 404, 405]);

/**
 * Posts each message to a URL as JSON, like Kratos' default payload. Follows no redirect, because it would take the
 * secret along.
 */
export class HttpTransport implements Transport {
  readonly #headers: Headers;
  readonly #rules: OutboundRules;
  readonly #closing = new AbortController();

  /** @param time milliseconds for the whole request */
  constructor(
    private readonly url: string,
    private readonly request: RequestConfig,
    private readonly outbound: Outbound,
    private readonly time: number,
  ) {
    this.#headers = headersOf(request);
    this.#rules = { origins: [new URL(url).origin], privateNetworks: false, exceptions: [] };
  }

  async send(mail: OutgoingMail, signal: AbortSignal): Promise<Verdict> {
    const headers = new Headers(this.#headers);
    headers.set('idempotency-key', mail.id);
    try {
      const { status } = await this.outbound.fetch(this.url, this.#rules, {
        method: this.request.method.toUpperCase(),
        headers: Object.fromEntries(headers),
        body: bodyOf(mail),
        signal: AbortSignal.any([signal, this.#closing.signal]),
        time: this.time,
        statusOnly: true,
      });
      return verdictOf(status);
    } catch (error) {
      return brokenOff(error);
    }
  }

  close(): void {
    this.#closing.abort();
  }
}

function bodyOf(mail: OutgoingMail): string {
  return JSON.stringify({
    recipient: mail.recipient,
    subject: mail.subject,
    body: mail.text,
    html_body: mail.html,
    template_type: mail.templateType,
    template_data: mail.templateData,
    message_type: 'email',
    ...(mail.replyTo === undefined ? {} : { reply_to: mail.replyTo }),
  });
}

function headersOf({ headers, auth }: RequestConfig): Headers {
  const all = new Headers(headers);
  if (!all.has('content-type')) all.set('content-type', 'application/json');
  if (!all.has('user-agent')) all.set('user-agent', 'regain');
  const { name, value, user, password } = auth.config;
  if (auth.type === 'basic_auth')
    all.set('authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
  if (auth.type === 'api_key' && auth.config.in === 'header') all.set(name, value);
  if (auth.type === 'api_key' && auth.config.in === 'cookie') all.append('cookie', `${name}=${value}`);
  return all;
}

function verdictOf(status: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const error = { message: `the server answered ${status}`, code: status };
  if (status < 400 || MISCONFIGURED.has(status)) return { kind: 'trouble', error };
  return { kind: status >= 500 || LATER.has(status) ? 'failed' : 'refused', error };
}

/** A connection that was never established is not the message's fault. */
function brokenOff(error: unknown): Verdict {
  if (!(error instanceof OutboundFailed)) return { kind: 'failed', error: { message: 'the connection broke' } };
  const { trouble, code, sent } = error;
  if (!sent) return { kind: 'trouble', error: { message: `no connection (${code ?? trouble})` } };
  return { kind: 'failed', error: { message: trouble === 'slow' ? 'no answer in time' : 'the connection broke' } };
}
