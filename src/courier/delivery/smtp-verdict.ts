import type { Verdict } from './transport.js';

/** The fields of a nodemailer error. */
export interface SmtpError {
  readonly code?: unknown;
  /** the system's code, if `code` is nodemailer's own */
  readonly originalCode?: unknown;
  readonly timeoutType?: unknown;
  /** code of the server's reply */
  readonly responseCode?: unknown;
  /** the command that it answers */
  readonly command?: unknown;
}

/** Replies to these commands are about the message; replies to earlier ones are about us and the server. */
const ABOUT_THE_MESSAGE = /^(MAIL FROM|RCPT TO|DATA)$/;
/**
 * Authentication required or rejected, or TLS required (RFC 4954). They may answer an envelope, but every message would
 * get them.
 */
const ABOUT_THE_SESSION = new Set([530, 534, 535, 538]);
const CLOSING = 421;
const NO_CONNECTION = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN|EAI_FAIL|ENOENT)$/;
const NO_SESSION = /^(EDNS|ETLS|EAUTH|ENOAUTH|EPROTOCOL|EPROXY|EOAUTH2|ECONFIG|EREQUIRETLS)$/;
/** Node's codes for an untrusted certificate or a failed TLS handshake. */
const NO_TRUST = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA)/;
const NOT_YET_CONNECTED = /^(CONNECT|GREETING|UPGRADE)_TIMEOUT$/;
/** An address that does not fit into the envelope now never will. */
const NEVER = /^(EENVELOPE|EMESSAGE)$/;
const SILENT = /^(ETIMEDOUT|ABORT_ERR|EABORT)$/;
const BROKEN = /^(ESOCKET|ECONNECTION)$/;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * 5xx for the message: refused for good. 4xx, or a timeout or disconnect after it was begun: failed this time. Anything
 * that prevents a session (no connection, no TLS, wrong password, a server that hangs up or stays silent): trouble,
 * which does not use up an attempt. Leaves out the server's own words, which quote addresses.
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
  // With PIPELINING, nodemailer does not report which command made the server close the session.
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
  if (NEVER.test(code)) return { kind: 'refused', error: { message: 'the address is not valid in an envelope' } };
  if (SILENT.test(code)) return begun ? failed('no answer in time') : trouble('no session (no answer in time)');
  if (!begun && BROKEN.test(code)) return trouble('no session (the connection broke)');
  return failed('the connection broke');
}

/** nodemailer's error, without a command, when the server had closed an idle connection before accepting anything. */
export function keptOneHadGone({ code, command }: SmtpError): boolean {
  return code === 'ECONNECTION' && command === undefined;
}

const trouble = (message: string): Verdict => ({ kind: 'trouble', error: { message } });
const failed = (message: string): Verdict => ({ kind: 'failed', error: { message } });
