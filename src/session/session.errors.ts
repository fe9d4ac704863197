import type { Urls } from '../config/index.js';
import { BadRequest, DomainError, Unauthorized } from '../platform/errors/index.js';

/** Characters that an error repeats. */
const LONGEST_NAME = 256;

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

/** `session.whoami.tokenizer` has no template of that name, since there is none at all. */
export class TokenizerTemplateUnknown extends BadRequest {
  constructor(name: string) {
    super(`Unable to find tokenizer template "${name.slice(0, LONGEST_NAME)}".`);
  }
}

/** What the routes for people say to nobody, and to a session that ended while the request was under way. */
export class NobodySignedIn extends Unauthorized {
  constructor() {
    super('No valid session cookie found.');
  }
}

/** The session of the request itself ends by logout, not here. */
export class OwnSessionKept extends DomainError {
  readonly status = 400;

  constructor() {
    super('cannot revoke current session');
  }
}

/** A recovery was begun a short while ago and not finished: this session may be the one that it was meant to end. */
export class OthersKept extends DomainError {
  readonly status = 403;
  override readonly id = 'recovery_not_finished';
  override readonly reason =
    'A recovery of this account was started but not finished. Other sessions cannot be ended for now, unless the account is recovered again.';

  constructor() {
    super('other sessions stay after a recovery that was not finished');
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

/** Of an identity whose second factor Regain cannot check, in words for the person. */
export const SECOND_FACTOR_UNCHECKED =
  'This account is protected by a second factor, which cannot be checked here. Please contact support for assistance.';

/** The identity has a second factor, and the session did not prove it. Clients of Kratos send people where the answer says. */
export class SecondFactorRequired extends DomainError {
  readonly status = 403;
  override readonly id = 'session_aal2_required';
  override readonly reason: string;
  override readonly details: Record<string, unknown>;
  override readonly extra: Record<string, unknown>;

  constructor(
    urls: Urls,
    reason = 'An active session was found but it does not fulfill the requested Authenticator Assurance Level. Please verify yourself with a second factor to resolve this issue.',
  ) {
    super('Session does not fulfill the requested Authenticator Assurance Level');
    this.reason = reason;
    const where = { redirect_browser_to: urls.public('/self-service/login/browser', { aal: 'aal2' }) };
    this.details = where;
    this.extra = where;
  }
}
