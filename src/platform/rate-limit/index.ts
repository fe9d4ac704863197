/**
 * Rate limit: how often somebody may try, counted over all nodes.
 *
 * Owns: the counters, the answer 429.
 * Does not own: which limits there are (platform/limits), their rates (config), where one is applied (one line in each
 *   controller or service), the audit trail.
 */
export { RATE_LIMITER, type RateLimiter } from './rate-limiter.js';
export { Limited, MayBeLimited } from './limited.js';
export { networkKey } from './network-key.js';
export { inWords, TooManyRequests } from './rate-limit.errors.js';
export { RATES } from './rate-limit.options.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RefusedRequests } from './refused-requests.js';
export { RateLimitPurge } from './rate-limit.purge.js';
