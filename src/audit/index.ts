/**
 * Audit: who did what to whom, kept forever.
 *
 * Owns: audit events, the sampling of refusals, reading events with filters and a cursor.
 * Does not own: what counts as an action (each module names its own), request logs.
 * May call: config.
 *
 * Statements in `hot/` write their event through the second door, sql.ts.
 */
export { AuditModule } from './audit.module.js';
export { AuditService } from './audit.service.js';
export { type AuditDetail, type Ended } from './audit.detail.js';
export { AuditFilterInvalid } from './audit.errors.js';
export { presentAuditEvent } from './audit.presenter.js';
export { readAuditFilter, type AuditFilter, type AuditFilterText } from './audit.filter.js';
export { type AuditEventView } from './audit.view.js';
