import { DomainError } from '../errors/index.js';
import type { Rate } from '../limits/index.js';

/**
 * A limit is used up. The headers follow draft-ietf-httpapi-ratelimit-headers up to -07 (three fields, seconds left),
 * which clients and libraries understand; the structured fields of later drafts are hardly supported. Only refusals
 * carry them: an answer must not reveal how often someone's address has been tried.
 */
export class TooManyRequests extends DomainError {
  readonly status = 429;
  override readonly id = 'rate_limited';
  override readonly reason: string;
  declare readonly details?: { recovery_url: string };
  override readonly headers: Record<string, string>;

  /**
   * @param retryAfter whole seconds, at least one
   * @param wayOut URL for getting a link by email, which no such limit blocks
   */
  constructor(
    private readonly rate: Rate,
    readonly retryAfter: number,
    readonly wayOut?: string,
  ) {
    super('Too many requests were made');
    const { points, seconds } = rate;
    const orElse = wayOut === undefined ? '' : `, or have a link emailed to you: ${wayOut}`;
    this.reason = `Too many tries. Please try again in ${inWords(retryAfter)}${orElse}.`;
    if (wayOut !== undefined) Object.assign(this, { details: { recovery_url: wayOut } });
    this.headers = {
      'retry-after': String(retryAfter),
      'ratelimit-limit': String(points),
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(retryAfter),
      'ratelimit-policy': `${points};w=${Math.ceil(seconds)}`,
    };
  }

  withWayOut(url: string): TooManyRequests {
    return new TooManyRequests(this.rate, this.retryAfter, url);
  }
}

/** Rounds up, so that a caller who returns then is let in. */
export function inWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
