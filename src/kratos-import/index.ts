/**
 * Kratos import: moves the identities of an Ory Kratos database (PostgreSQL) into this one.
 *
 * Owns: how Kratos' tables are read, what becomes of each of their rows, the runs and their verification.
 * Does not own: the rows that are written (identity and session insert and read them), hashes (identity).
 * May call: config, audit, identity (both doors), session.
 */
export { KratosImportModule } from './kratos-import.module.js';
export { KratosImportService } from './kratos-import.service.js';
export {
  type Finding,
  type Found,
  type KratosImportObserver,
  type KratosImportOptions,
  type KratosImportOutcome,
  type KratosPlan,
  LOSSES,
} from './kratos-import.report.js';
