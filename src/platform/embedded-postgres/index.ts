/**
 * Embedded PostgreSQL: a real server that Regain starts on its own, in one directory, as an unprivileged user.
 *
 * Owns: finding its programs, choosing the user that runs them, creating the database, starting, adopting, attaching to
 * and stopping the server, its passwords, and `owner.json`. Does not own: migrations, the pool, the choice of the dsn.
 *
 * The directory (0700) holds `postgres/` (data), `postgres.log`, `cluster.json` (passwords) and `owner.json` (the
 * process that serves it).
 */
export { EmbeddedDatabaseError } from './errors.js';
export { type EmbeddedDatabase, startEmbedded } from './supervisor.js';
