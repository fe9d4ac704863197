/**
 * The audit event as a part of somebody else's statement. For `hot/` only.
 */
import type { RequestContext } from '../platform/http/index.js';
import type { AuditDetail } from './audit.detail.js';

interface EventParts {
  /** the row source; one event a row */
  readonly from: string;
  readonly id: string;
  readonly action: string;
  /** absent: success */
  readonly outcome?: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly grantId?: string;
  /** jsonb, of `detailValue`; absent: there is nothing more to say */
  readonly detail?: string;
}

/** `INSERT INTO audit_event … SELECT … FROM …`. Every part is an SQL expression: quote literals. */
export function insertEvent({ outcome = `'success'`, grantId = 'NULL', detail, ...parts }: EventParts): string {
  return `
    INSERT INTO audit_event
      (id, action, outcome, target_type, target_id, grant_id,
       actor_type, actor_id, actor_label, reason, ticket, request_id, network, user_agent${detail === undefined ? '' : ', detail'})
    SELECT ${parts.id}, ${parts.action}, ${outcome}, ${parts.targetType}, ${parts.targetId}, ${grantId}::uuid,
       :event_actor_type::text, :event_actor_id::text, :event_actor_label::text, :event_reason::text, :event_ticket::text,
       :event_request_id::text, :event_network::text, :event_user_agent::text${detail === undefined ? '' : `, ${detail}`}
    FROM ${parts.from}`;
}

/** What `insertEvent`'s placeholders stand for. */
export function eventValues({ actor, ...context }: RequestContext): Record<string, string | null> {
  return {
    event_actor_type: actor.type,
    event_actor_id: actor.id ?? null,
    event_actor_label: actor.label ?? null,
    event_reason: context.reason ?? null,
    event_ticket: context.ticket ?? null,
    event_request_id: textOrNull(context.requestId),
    event_network: textOrNull(context.network),
    event_user_agent: textOrNull(context.userAgent),
  };
}

/** What the placeholder of a `detail` stands for. */
export const detailValue = (detail: AuditDetail | null): string | null =>
  detail === null ? null : JSON.stringify(detail);

const textOrNull = (text: string): string | null => (text === '' ? null : text);
