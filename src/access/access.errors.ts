import { BadRequest, DomainError } from '../platform/errors/index.js';
import { ADMIN_CHALLENGE } from '../platform/http/index.js';

/** RFC 6750 answers of a guarded route to a request that may not pass. */
abstract class Refused extends DomainError {
  abstract override readonly headers: Record<string, string>;
}

/** No token at all: a challenge without an error, as RFC 6750 section 3.1 requires. */
export class TokenMissing extends Refused {
  readonly status = 401;
  override readonly reason = 'The header "Authorization: Bearer" with a personal access token is missing.';
  override readonly headers = { 'www-authenticate': ADMIN_CHALLENGE };

  constructor() {
    super('The request could not be authorized');
  }
}

/** The same answer, byte for byte, for unknown, revoked, expired and malformed tokens. */
export class TokenUnusable extends Refused {
  readonly status = 401;
  override readonly reason = 'The personal access token is not valid.';
  override readonly headers = { 'www-authenticate': `${ADMIN_CHALLENGE}, error="invalid_token"` };

  constructor() {
    super('The request could not be authorized');
  }
}

export class AuthorizationMalformed extends Refused {
  readonly status = 400;
  override readonly reason = 'Send exactly one "Authorization" header that holds "Bearer" and one token.';
  override readonly headers = { 'www-authenticate': `${ADMIN_CHALLENGE}, error="invalid_request"` };

  constructor() {
    super('The request was malformed or contained invalid parameters');
  }
}

/**
 * Without tokens, only programs on this machine may call the admin API. A request from a web page could come from
 * anyone.
 */
export class NotFromThisMachine extends DomainError {
  readonly status = 403;
  override readonly reason =
    'Without access tokens the admin API answers only programs on this machine: call it as localhost, 127.0.0.1 or [::1], and not from a web page.';

  constructor() {
    super('The requested action was forbidden');
  }
}

/** The handler declares no audience, so it answers no one. */
export class RouteUndeclared extends DomainError {
  readonly status = 403;
  override readonly reason = 'This route is closed.';

  constructor() {
    super('The requested action was forbidden');
  }
}

/** Names a new token's invalid field, never its value. */
export class TokenFieldInvalid extends BadRequest {
  constructor(field: 'name' | 'scopes' | 'expires_in', rule: string) {
    super(`The field "${field}" ${rule}.`);
  }
}

/** Stops startup. Its message contains no part of the token. */
export class EnvironmentTokenInvalid extends BadRequest {
  constructor(variable: 'REGAIN_ACCESS_TOKEN' | 'REGAIN_ACCESS_TOKEN_SCOPES', rule: string) {
    super(`${variable} ${rule}.`);
  }
}
