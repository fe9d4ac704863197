/**
 * Kratos import: imports the identities of an Ory Kratos database (PostgreSQL).
 *
 * Owns: reading Kratos' tables, converting their rows, the import runs and their verification.
 * Does not own: the written rows (identity and session insert and read them), hashes (identity).
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
