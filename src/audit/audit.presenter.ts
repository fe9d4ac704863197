import type { AuditDetail, Ended } from './audit.detail.js';
import type { AuditDetailResponse, AuditEndedResponse, AuditEventResponse } from './audit.dto.js';
import type { AuditEventView } from './audit.view.js';

/** Fields are listed, never spread: a new column stays private until it is added here. */
export function presentAuditEvent(event: AuditEventView): AuditEventResponse {
  return {
    id: event.id,
    at: event.at.toISOString(),
    actor_type: event.actorType,
    actor_id: event.actorId,
    actor_label: event.actorLabel,
    action: event.action,
    outcome: event.outcome,
    target_type: event.targetType,
    target_id: event.targetId,
    grant_id: event.grantId,
    reason: event.reason,
    ticket: event.ticket,
    request_id: event.requestId,
    network: event.network,
    user_agent: event.userAgent,
    detail: event.detail ? presentDetail(event.detail) : null,
  };
}

const presentDetail = ({ method, provider, veto, ended }: AuditDetail): AuditDetailResponse => ({
  ...(method === undefined ? {} : { method }),
  ...(provider === undefined ? {} : { provider }),
  ...(veto === undefined ? {} : { veto }),
  ...(ended === undefined ? {} : { ended: presentEnded(ended) }),
});

const presentEnded = ({ sessions, grants, passwords, accounts, addresses, removed }: Ended): AuditEndedResponse =>
  Object.fromEntries(
    Object.entries({ sessions, grants, passwords, accounts, addresses, removed }).filter(
      ([, count]) => count !== undefined,
    ),
  );
