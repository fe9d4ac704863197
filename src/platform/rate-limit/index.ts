/**
 * Rate limit: how often somebody may try, counted over all nodes.
 *
 * Owns: the names of the limits and what each counts apart, the counters, the answer 429.
 * Does not own: the rates (config), where a limit is applied (one line in each controller or service), the audit trail.
 */
export { LIMIT_NAMES, type LimitName } from './limits.js';
export { parseRate, type Rate } from './rate.js';
export { RATE_LIMITER, type RateLimiter } from './rate-limiter.js';
export { Limited, MayBeLimited } from './limited.js';
export { inWords, TooManyRequests } from './rate-limit.errors.js';
export { RateLimitModule, type RateLimitOptions } from './rate-limit.module.js';
export { RateLimitPurge } from './rate-limit.purge.js';
export { type Rates } from './rate-limit.options.js';
