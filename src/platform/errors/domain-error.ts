/** An error as clients see it: Kratos' `genericError`. */
export interface ErrorBody {
  id?: string;
  code: number;
  status: string;
  request?: string;
  reason?: string;
  message: string;
  details?: Record<string, unknown>;
}

const STATUS_TEXT: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/**
 * Base class of every expected error: a status, a public message, a public reason, and private context.
 * `id` is the stable id by which clients recognize an error (`session_refresh_required`, …).
 * `extra` goes beside `error` in the body (`redirect_browser_to`, …); `headers` and `cookies` are sent with the answer.
 */
export abstract class DomainError extends Error {
  /** Tells errors apart for our own pages where they have no public id. Internal: never part of an answer. */
  static readonly kind?: string;

  abstract readonly status: number;
  readonly id?: string;
  readonly reason?: string;
  readonly details?: Record<string, unknown>;
  readonly extra?: Record<string, unknown>;
  readonly headers?: Record<string, string>;

  /** `Set-Cookie` lines */
  cookies: readonly string[] = [];

  /** for the log only: ids, never secrets, addresses or bodies */
  readonly context: Record<string, string | number | boolean>;

  constructor(message: string, context: Record<string, string | number | boolean> = {}) {
    super(message);
    this.context = context;
    this.name = new.target.name;
  }

  get kind(): string | undefined {
    return (this.constructor as typeof DomainError).kind;
  }

  withCookies(...cookies: string[]): this {
    this.cookies = [...this.cookies, ...cookies];
    return this;
  }

  toBody(): ErrorBody {
    return {
      ...(this.id === undefined ? {} : { id: this.id }),
      code: this.status,
      status: STATUS_TEXT[this.status] ?? 'Error',
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      message: this.message,
    };
  }
}
