import { BadRequest, DomainError } from '../platform/errors/index.js';

const REALM = 'Bearer realm="admin"';

/** RFC 6750: the answers of a guarded route to a request that may not pass. */
abstract class Refused extends DomainError {
  abstract override readonly headers: Record<string, string>;
}

/** No token at all: a challenge without an error, as RFC 6750 section 3.1 asks. */
export class TokenMissing extends Refused {
  readonly status = 401;
  override readonly reason = 'The header "Authorization: Bearer" with a personal access token is missing.';
  override readonly headers = { 'www-authenticate': REALM };

  constructor() {
    super('The request could not be authorized');
  }
}

/** Unknown, revoked, expired, malformed: the same to the last byte. */
export class TokenUnusable extends Refused {
  readonly status = 401;
  override readonly reason = 'The personal access token is not valid.';
  override readonly headers = { 'www-authenticate': `${REALM}, error="invalid_token"` };

  constructor() {
    super('The request could not be authorized');
  }
}

export class AuthorizationMalformed extends Refused {
  readonly status = 400;
  override readonly reason = 'Send exactly one "Authorization" header that holds "Bearer" and one token.';
  override readonly headers = { 'www-authenticate': `${REALM}, error="invalid_request"` };

  constructor() {
    super('The request was malformed or contained invalid parameters');
  }
}

/** The token is good, but not for this. */
export class InsufficientScope extends Refused {
  readonly status = 403;
  override readonly reason: string;
  override readonly headers: Record<string, string>;

  /** @param anyOf one of them would be enough; a challenge has no word for "or" and names the first (RFC 6750, section 3) */
  constructor(scopes: readonly string[], anyOf = false) {
    super('The requested action was forbidden');
    this.reason = `The personal access token lacks the scope ${scopes.join(anyOf ? ' or ' : ' ')}.`;
    const challenged = (anyOf ? scopes.slice(0, 1) : scopes).join(' ');
    this.headers = { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${challenged}"` };
  }
}

/** Without tokens, only programs of this machine may call; a request through a browser's page may have anybody behind it. */
export class NotFromThisMachine extends DomainError {
  readonly status = 403;
  override readonly reason =
    'Without access tokens the admin API answers only programs on this machine: call it as localhost, 127.0.0.1 or [::1], and not from a web page.';

  constructor() {
    super('The requested action was forbidden');
  }
}

/** A handler that does not say whom it is for is for nobody. */
export class RouteUndeclared extends DomainError {
  readonly status = 403;
  override readonly reason = 'This route is closed.';

  constructor() {
    super('The requested action was forbidden');
  }
}

/** What a new token's fields must be; names the field, never its value. */
export class TokenFieldInvalid extends BadRequest {
  constructor(field: 'name' | 'scopes' | 'expires_in', rule: string) {
    super(`The field "${field}" ${rule}.`);
  }
}

/** Stops the start. Says neither the token nor a part of it. */
export class EnvironmentTokenInvalid extends BadRequest {
  constructor(variable: 'REGAIN_ACCESS_TOKEN' | 'REGAIN_ACCESS_TOKEN_SCOPES', rule: string) {
    super(`${variable} ${rule}.`);
  }
}
