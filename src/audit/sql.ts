/** An audit event as part of another statement. For `hot/` only. */
import type { RequestContext } from '../platform/http/index.js';
import type { AuditDetail } from './audit.detail.js';

interface EventParts {
  /** SQL for the source of the rows; each row becomes an event */
  readonly from: string;
  readonly id: string;
  readonly action: string;
  /** absent: success */
  readonly outcome?: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly grantId?: string;
  /** jsonb from `detailValue`; absent: no details */
  readonly detail?: string;
}

/** `INSERT INTO audit_event … SELECT … FROM …`. Every part is an SQL expression, so quote literals. */
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

/** The values for `insertEvent`'s placeholders. */
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

/** The value for the placeholder of a `detail`. */
export const detailValue = (detail: AuditDetail | null): string | null =>
  detail === null ? null : JSON.stringify(detail);

const textOrNull = (text: string): string | null => (text === '' ? null : text);
