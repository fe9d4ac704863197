/**
 * Cron: syntax of schedules with five or six fields, and the shape of a task.
 *
 * Owns: what counts as a valid cron expression.
 * Does not own: running tasks.
 * May call: nothing.
 */
export { isCron } from './cron.js';
export { EVERY_MINUTE, type Task } from './task.js';
export { takeDailyTurn } from './daily-turn.js';
