import { DomainError } from '../platform/errors/index.js';

/** Nobody is signed in, or no more: unknown, ended and expired sessions look the same. */
export class SessionMissing extends DomainError {
  readonly status = 401;
  override readonly id = 'session_inactive';
  override readonly reason: string;
  /** Kratos says so of a request without a cookie, and of one with a dead one alike. */
  override readonly extra = { CredentialsMissing: false };

  constructor(reason = 'No active session was found in this request.') {
    super('request does not have a valid authentication session');
    this.reason = reason;
  }
}

/** The session of the request itself ends by logout, not here. */
export class OwnSessionKept extends DomainError {
  readonly status = 400;

  constructor() {
    super('cannot revoke current session');
  }
}

/** A query parameter that cannot be understood; names it, never its value. */
export class SessionQueryRefused extends DomainError {
  readonly status = 400;
  override readonly reason: string;

  constructor(parameter: string, rule: string) {
    super(`could not parse parameter ${parameter}`);
    this.reason = `The query parameter "${parameter}" ${rule}.`;
  }
}
