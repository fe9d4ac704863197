import type { Verdict } from './transport.js';

/** What nodemailer says about a failure. */
export interface SmtpError {
  readonly code?: unknown;
  /** of the system, where `code` is nodemailer's own */
  readonly originalCode?: unknown;
  readonly timeoutType?: unknown;
  /** of the server's reply */
  readonly responseCode?: unknown;
  /** what the reply was to */
  readonly command?: unknown;
}

/** Replies to these are about the message; before them, they are about us and the server. */
const ABOUT_THE_MESSAGE = /^(MAIL FROM|RCPT TO|DATA)$/;
/** "Sign in first", "not like that", "without TLS never" (RFC 4954): to an envelope; no other message would fare better. */
const ABOUT_THE_SESSION = new Set([530, 534, 535, 538]);
const CLOSING = 421;
const NO_CONNECTION = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|EAI_FAIL|ENOENT)$/;
const NO_SESSION = /^(EDNS|ETLS|EAUTH|ENOAUTH|EPROTOCOL|EPROXY|EOAUTH2|ECONFIG|EREQUIRETLS)$/;
/** What Node calls a certificate that cannot be trusted, or TLS that did not come about. */
const NO_TRUST = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA)/;
const NOT_YET_CONNECTED = /^(CONNECT|GREETING|UPGRADE)_TIMEOUT$/;
/** An address that cannot be written into the envelope will not become one. */
const NEVER = /^(EENVELOPE|EMESSAGE)$/;
const SILENT = /^(ETIMEDOUT|ABORT_ERR|EABORT)$/;
const BROKEN = /^(ESOCKET|ECONNECTION)$/;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * 5xx to the message: refused for good. 4xx, a silence or a break once it was begun: this time. Whatever prevents a
 * session (no connection, no TLS, wrong password, a server that hangs up or says nothing before): trouble, which costs no
 * message a try. The server's own words stay out: they quote addresses.
 *
 * @param begun whether the session was up and the message's own commands had begun
 */
export function smtpVerdict(error: SmtpError, begun: boolean): Verdict {
  const command = text(error.command);
  const reply = typeof error.responseCode === 'number' ? error.responseCode : undefined;
  if (reply !== undefined && ABOUT_THE_MESSAGE.test(command) && (command === 'DATA' || !ABOUT_THE_SESSION.has(reply))) {
    const kind = reply >= 500 ? 'refused' : 'failed';
    return { kind, error: { message: `the server answered ${command} with ${reply}`, code: reply } };
  }
  // With PIPELINING nodemailer does not say what the server closed the session over.
  if (reply === CLOSING && begun && command === 'CONN') return failed(`the server closed the session with ${reply}`);
  if (reply !== undefined)
    return {
      kind: 'trouble',
      error: { message: `the server answered ${command || 'CONN'} with ${reply}`, code: reply },
    };
  const code = text(error.code);
  const system = text(error.originalCode) || code;
  if (NO_CONNECTION.test(system) || NO_TRUST.test(system)) return trouble(`no connection (${system})`);
  if (NOT_YET_CONNECTED.test(text(error.timeoutType))) return trouble('no connection (timeout)');
  if (NO_SESSION.test(code)) return trouble(`no session (${code})`);
  if (NEVER.test(code)) return { kind: 'refused', error: { message: 'it cannot be addressed' } };
  if (SILENT.test(code)) return begun ? failed('no answer in time') : trouble('no session (no answer in time)');
  if (!begun && BROKEN.test(code)) return trouble('no session (the connection broke)');
  return failed('the connection broke');
}

/** nodemailer's way to say, without a command, that the server had let go of a kept connection before it took anything. */
export function keptOneHadGone({ code, command }: SmtpError): boolean {
  return code === 'ECONNECTION' && command === undefined;
}

const trouble = (message: string): Verdict => ({ kind: 'trouble', error: { message } });
const failed = (message: string): Verdict => ({ kind: 'failed', error: { message } });
