import type { LimitName } from '../limits/index.js';
import type { TooManyRequests } from './rate-limit.errors.js';

/** Injection token of the RateLimiter. */
export const RATE_LIMITER = Symbol('RATE_LIMITER');

/**
 * Counts, atomically over all nodes, before anything is compared. Network and actor are the current request's; the subject
 * is what it names, in the form that it is compared by.
 */
export interface RateLimiter {
  /** Counts one against each limit in turn. @throws TooManyRequests from the first one that is used up; Unavailable */
  take(limits: readonly LimitName[], subject?: string): Promise<void>;
  /** Counts one; false where the limit is used up, for a refusal that must look like another one. @throws Unavailable */
  allows(limit: LimitName, subject?: string): Promise<boolean>;
  /** Counts one; the refusal where the limit is used up. @throws Unavailable */
  refusal(limit: LimitName, subject?: string): Promise<TooManyRequests | undefined>;
  /** Counts one; how many more the window takes, 0 for the last one, -1 where the limit is used up. @throws Unavailable */
  left(limit: LimitName, subject?: string): Promise<number>;
  /** What this node remembers, without counting or asking: undefined where it knows of nothing used up. */
  known(limit: LimitName, subject?: string): TooManyRequests | undefined;
  /** Forgets what was counted, for somebody who has proved to be the owner. @throws Unavailable */
  forgive(limits: readonly LimitName[], subject?: string): Promise<void>;
}
