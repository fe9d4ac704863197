/**
 * Purge: removes data that is no longer needed, on a schedule and on demand, and runs other modules' periodic tasks.
 *
 * Owns: when, and in what batches. Does not own: which rows (each module provides its Purgeables), what a task does.
 * May call: platform.
 */
export { PurgeModule } from './purge.module.js';
export { PurgeService } from './purge.service.js';
