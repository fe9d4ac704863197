import { DomainError } from './domain-error.js';

/** Errors without an id of their own. `reason` says what to change; the message texts are Kratos'. */
class Plain extends DomainError {
  declare readonly reason?: string;
  readonly status: number;

  constructor(status: number, message: string, reason?: string, context?: Record<string, string | number | boolean>) {
    super(message, context);
    this.status = status;
    if (reason !== undefined) Object.assign(this, { reason });
  }
}

export class BadRequest extends Plain {
  constructor(reason: string, context?: Record<string, string | number | boolean>) {
    super(400, 'The request was malformed or contained invalid parameters', reason, context);
  }
}

export class Unauthorized extends Plain {
  constructor(reason: string) {
    super(401, 'The request could not be authorized', reason);
  }
}

export class Forbidden extends Plain {
  constructor(reason: string) {
    super(403, 'The requested action was forbidden', reason);
  }
}

export class NotFound extends Plain {
  constructor(reason?: string) {
    super(404, 'The requested resource could not be found', reason);
  }
}

/** Kratos' answer for a missing row; it has no reason. */
export class MissingRow extends Plain {
  constructor() {
    super(404, 'Unable to locate the resource');
  }
}

export class Conflict extends Plain {
  constructor(reason: string) {
    super(409, 'The resource could not be created due to a conflict', reason);
  }
}

/** Something we depend on is down or overloaded; the client may retry. */
export class Unavailable extends Plain {
  override readonly headers: Record<string, string>;

  constructor(reason: string, retryAfterSeconds = 1, context?: Record<string, string | number | boolean>) {
    super(503, 'The service is unavailable at the moment', reason, context);
    this.headers = { 'retry-after': String(retryAfterSeconds) };
  }
}
