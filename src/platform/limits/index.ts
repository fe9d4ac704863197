/**
 * Limits: which rate limits there are, what each counts apart, how a rate is written.
 *
 * Does not own: their rates (config), the counting (platform/rate-limit). Loads nothing: the configuration needs it.
 */
export { FORGIVEN, LIMIT_NAMES, type LimitName, LIMITS, type Part } from './limits.js';
export { parseRate, type Rate, type Rates } from './rate.js';
