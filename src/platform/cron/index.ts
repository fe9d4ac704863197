/**
 * Cron: schedules in the syntax of cron, and what is done on one.
 *
 * Owns: what a cron expression may look like, what a task is.
 * Does not own: running anything.
 * May call: nothing.
 */
export { isCron } from './cron.js';
export { EVERY_MINUTE, type Task } from './task.js';
