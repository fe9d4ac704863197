/**
 * Cron: schedules as five or six fields write them.
 *
 * Owns: what a cron expression may look like.
 * Does not own: running anything.
 * May call: nothing.
 */
export { isCron } from './cron.js';
