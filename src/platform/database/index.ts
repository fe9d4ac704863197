/**
 * Database: the two ways to PostgreSQL.
 *
 * `transaction` and `read` go through the ORM, each on its own fork; `statement` runs one named prepared statement.
 * Inside `withinBudget`, all statements together share one time limit. In a job or command, each statement has
 * `statement_timeout`.
 * Does not own: entities and migrations (src/database), or the server (platform/embedded-postgres).
 */
export { Database } from './database.js';
export { createOrm, DatabaseModule, type DatabaseOptions } from './database.module.js';
export { DatabaseTrouble, isUniqueViolation, isUnavailable, translateDriverError, troubleOf } from './driver-errors.js';
export { guardPool, onConnection } from './guarded-pool.js';
export { Instant } from './instant.js';
export { named, type NamedStatement } from './named.js';
export { endedRows, ONE_DAY, PURGEABLE, type Purgeable, type PurgeableSource } from './purgeable.js';
export { withinBudget } from './request-budget.js';
export { tryRuntimeConnection } from './start-check.js';
export { readable } from './readable-row.js';
