/**
 * Database: the two ways to PostgreSQL.
 *
 * `transaction` / `read` go through the ORM, each on its own fork; `statement` runs one named prepared statement.
 * Does not own: entities and migrations (src/database), nor the server (platform/embedded-postgres).
 */
export { Database } from './database.js';
export { DatabaseModule, type DatabaseOptions } from './database.module.js';
export { DatabaseTrouble, isUniqueViolation, isUnavailable, translateDriverError } from './driver-errors.js';
export { named, type NamedStatement } from './named.js';
export { endedRows, PURGEABLE, type Purgeable, type PurgeableSource } from './purgeable.js';
