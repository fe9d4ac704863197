/**
 * Database: the one place that lists all entities and migrations.
 *
 * Owns: the order of migrations, running them once. Does not own: connections (platform/database), what the tables
 * mean.
 */
export { entities } from './entities.js';
export { migrate, pendingMigrations } from './migrate.js';
