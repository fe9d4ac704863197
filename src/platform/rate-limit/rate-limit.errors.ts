import { DomainError } from '../errors/index.js';
import type { Rate } from '../limits/index.js';

/**
 * A limit is used up. The headers are those of draft-ietf-httpapi-ratelimit-headers up to -07 (three fields, seconds left): what
 * clients and libraries understand; the later structured fields are hardly spoken yet. They go out with refusals only: what an
 * answer says must not depend on how often somebody's address was tried.
 */
export class TooManyRequests extends DomainError {
  readonly status = 429;
  override readonly id = 'rate_limited';
  override readonly reason: string;
  override readonly headers: Record<string, string>;

  /** @param retryAfter whole seconds, at least one */
  constructor(
    { points, seconds }: Rate,
    readonly retryAfter: number,
  ) {
    super('Too many requests were made');
    this.reason = `Too many tries. Please try again in ${inWords(retryAfter)}.`;
    this.headers = {
      'retry-after': String(retryAfter),
      'ratelimit-limit': String(points),
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(retryAfter),
      'ratelimit-policy': `${points};w=${Math.ceil(seconds)}`,
    };
  }
}

/** Rounded up: whoever comes back then is let in. */
export function inWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
