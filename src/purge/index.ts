/**
 * Purge: removes what nobody needs any more, on a schedule and on command.
 *
 * Owns: when, and in which bites. Does not own: which rows (each module offers its Purgeables).
 * May call: platform.
 */
export { PurgeModule } from './purge.module.js';
export { PurgeService } from './purge.service.js';
