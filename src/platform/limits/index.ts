/**
 * Limits: the names of the rate limits, what each one counts by, and the notation of a rate.
 *
 * Does not own: the rates (config), the counting (platform/rate-limit). Imports nothing, because the configuration
 * imports it.
 */
export { FORGIVEN, LIMIT_NAMES, type LimitName, LIMITS, type Part } from './limits.js';
export { parseRate, type Rate, type Rates } from './rate.js';
