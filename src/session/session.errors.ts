import type { Urls } from '../config/index.js';
import { BadRequest, DomainError, Unauthorized } from '../platform/errors/index.js';

/** Maximum number of characters of a name that an error repeats. */
const LONGEST_NAME = 256;

/** Nobody is signed in. Unknown, ended and expired sessions all get this answer. */
export class SessionMissing extends DomainError {
  readonly status = 401;
  override readonly id = 'session_inactive';
  override readonly reason: string;
  /** Kratos sends this both without a cookie and with a dead one. */
  override readonly extra = { CredentialsMissing: false };

  constructor(reason = 'No active session was found in this request.') {
    super('request does not have a valid authentication session');
    this.reason = reason;
  }
}

/** `tokenize_as` names a template that does not exist: Regain has no templates. */
export class TokenizerTemplateUnknown extends BadRequest {
  constructor(name: string) {
    super(`Unable to find tokenizer template "${name.slice(0, LONGEST_NAME)}".`);
  }
}

/** Answer of the self-service session routes without a live session, also if it ended during the request. */
export class NobodySignedIn extends Unauthorized {
  constructor() {
    super('No valid session cookie found.');
  }
}

/** A request can't end its own session here; logout does that. */
export class OwnSessionKept extends DomainError {
  readonly status = 400;

  constructor() {
    super('cannot revoke current session');
  }
}

/** A recovery was recently started and not finished, and this session may be one that it was meant to end. */
export class OthersKept extends DomainError {
  readonly status = 403;
  override readonly id = 'recovery_not_finished';
  override readonly reason =
    'A recovery of this account was started but not finished. Until the account is recovered again, other sessions cannot be ended.';

  constructor() {
    super('other sessions are kept after an unfinished recovery');
  }
}

/** A query parameter is invalid. The error names the parameter, never its value. */
export class SessionQueryRefused extends DomainError {
  readonly status = 400;
  override readonly reason: string;

  constructor(parameter: string, rule: string) {
    super(`could not parse parameter ${parameter}`);
    this.reason = `The query parameter "${parameter}" ${rule}.`;
  }
}

/** Shown to a person whose second factor Regain cannot check. */
export const SECOND_FACTOR_UNCHECKED =
  'This account is protected by a second factor, which cannot be checked here. Please contact support for assistance.';

/**
 * The identity has a second factor that the session did not prove. Clients of Kratos send people to the URL in this
 * answer.
 */
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
