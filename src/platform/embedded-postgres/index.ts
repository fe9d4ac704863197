/**
 * Embedded PostgreSQL: a real server that Regain starts by itself, in one directory, as an unprivileged user.
 *
 * Owns: where its programs are and which user runs them, making the database, starting, adopting, attaching and
 * stopping it, its passwords, and `owner.json`. Does not own: migrations, the pool, the choice of the dsn.
 *
 * In the directory (0700): `postgres/` the data, `postgres.log`, `cluster.json` the passwords, `owner.json` who serves.
 */
export { EmbeddedDatabaseError } from './errors.js';
export { type EmbeddedDatabase, startEmbedded } from './supervisor.js';
