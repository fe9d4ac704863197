/**
 * Purge: removes what nobody needs any more, on a schedule and on command, and runs the other modules' tasks.
 *
 * Owns: when, and in which bites. Does not own: which rows (each module offers its Purgeables), what a task does.
 * May call: platform.
 */
export { PurgeModule } from './purge.module.js';
export { PurgeService } from './purge.service.js';
