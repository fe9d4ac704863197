/**
 * Rate limit: how often a caller may try something, counted across all nodes.
 *
 * Owns: the counters, the 429 answer.
 * Does not own: which limits exist (platform/limits), their rates (config), where one applies (one line in each
 * controller or service), the audit trail.
 */
export { RATE_LIMITER, type RateLimiter } from './rate-limiter.js';
export { Limited, MayBeLimited } from './limited.js';
export { networkKey } from './network-key.js';
export { inWords, TooManyRequests } from './rate-limit.errors.js';
export { RATES } from './rate-limit.options.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RefusedRequests } from './refused-requests.js';
export { RateLimitPurge } from './rate-limit.purge.js';
