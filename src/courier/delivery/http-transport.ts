import type { RequestConfig } from '../../config/index.js';
import type { OutgoingMail, Transport, Verdict } from './transport.js';

/** Milliseconds for a whole request. */
const TIME = 5_000;
/** Another time may do: busy, too many, early, in conflict. */
const LATER = new Set([408, 409, 425, 429]);
/** Somebody must change the configuration first. */
const MISCONFIGURED = new Set([401, 403, 404, 405]);

/** Posts each message to an address, as JSON like Kratos' default one. No redirect is followed: it would take the secret along. */
export class HttpTransport implements Transport {
  readonly #headers: Headers;
  readonly #closing = new AbortController();

  constructor(
    private readonly url: string,
    private readonly request: RequestConfig,
  ) {
    this.#headers = headersOf(request);
  }

  async send(mail: OutgoingMail, signal: AbortSignal): Promise<Verdict> {
    const headers = new Headers(this.#headers);
    headers.set('idempotency-key', mail.id);
    try {
      const answer = await fetch(this.url, {
        method: this.request.method.toUpperCase(),
        headers,
        body: bodyOf(mail),
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIME), this.#closing.signal]),
      });
      await answer.body?.cancel();
      return verdictOf(answer.status);
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
  const all = new Headers({ 'content-type': 'application/json', ...headers });
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

/** A connection that was never made is no message's fault. */
function brokenOff(error: unknown): Verdict {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown; syscall?: unknown } };
  if (name === 'TimeoutError' || name === 'AbortError')
    return { kind: 'failed', error: { message: 'no answer in time' } };
  const code = typeof cause?.code === 'string' ? cause.code : 'unknown';
  const unmade =
    cause?.syscall === 'connect' ||
    cause?.syscall === 'getaddrinfo' ||
    /^(UND_ERR_CONNECT|CERT_|ERR_TLS|DEPTH_|SELF_|UNABLE_)/.test(code);
  return unmade
    ? { kind: 'trouble', error: { message: `no connection (${code})` } }
    : { kind: 'failed', error: { message: 'the connection broke' } };
}
