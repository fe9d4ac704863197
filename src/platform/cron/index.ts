/**
 * Cron: syntax of schedules with five or six fields.
 *
 * Owns: what counts as a valid cron expression.
 * Does not own: running jobs.
 * May call: nothing.
 */
export { isCron } from './cron.js';
