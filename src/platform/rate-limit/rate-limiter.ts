import type { LimitName } from '../limits/index.js';
import type { TooManyRequests } from './rate-limit.errors.js';

/** Injection token for the RateLimiter. */
export const RATE_LIMITER = Symbol('RATE_LIMITER');

/**
 * Counts attempts atomically across all nodes, before any secret is compared. Network and actor come from the current
 * request.
 * The subject is what the request names, in its normalized form.
 */
export interface RateLimiter {
  /**
   * Counts one attempt against each limit in turn.
   * @throws TooManyRequests from the first limit that is used up; Unavailable
   */
  take(limits: readonly LimitName[], subject?: string): Promise<void>;
  /**
   * Counts one attempt; false if the limit is used up. For refusals that must look like another one.
   * @throws Unavailable
   */
  allows(limit: LimitName, subject?: string): Promise<boolean>;
  /**
   * Counts one attempt; returns the refusal if the limit is used up.
   * @throws Unavailable
   */
  refusal(limit: LimitName, subject?: string): Promise<TooManyRequests | undefined>;
  /**
   * Counts one attempt; returns how many are left in the window: 0 after the last one, -1 if the limit is used up.
   * @throws Unavailable
   */
  left(limit: LimitName, subject?: string): Promise<number>;
  /** What this node remembers, without counting or querying; undefined if it knows of no used-up limit. */
  known(limit: LimitName, subject?: string): TooManyRequests | undefined;
  /**
   * Resets the counts, for a caller who has proved to be the owner.
   * @throws Unavailable
   */
  forgive(limits: readonly LimitName[], subject?: string): Promise<void>;
}
