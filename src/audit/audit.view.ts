import type { AuditDetail } from './audit.detail.js';
import type { AuditEventRow } from './persistence/audit.entities.js';

/** An audit event for other modules, the API and the CLI. */
export interface AuditEventView {
  readonly id: string;
  readonly at: Date;
  readonly actorType: string;
  readonly actorId: string | null;
  readonly actorLabel: string | null;
  readonly action: string;
  readonly outcome: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly grantId: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly requestId: string | null;
  readonly network: string | null;
  readonly userAgent: string | null;
  readonly detail: AuditDetail | null;
}

/** Plain data from a row: entities do not leave the module. */
export function viewOf(row: AuditEventRow): AuditEventView {
  return {
    id: row.id,
    at: row.at,
    actorType: row.actorType,
    actorId: row.actorId ?? null,
    actorLabel: row.actorLabel ?? null,
    action: row.action,
    outcome: row.outcome,
    targetType: row.targetType ?? null,
    targetId: row.targetId ?? null,
    grantId: row.grantId ?? null,
    reason: row.reason ?? null,
    ticket: row.ticket ?? null,
    requestId: row.requestId ?? null,
    network: row.network ?? null,
    userAgent: row.userAgent ?? null,
    detail: row.detail ?? null,
  };
}
