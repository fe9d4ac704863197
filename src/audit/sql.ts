/**
 * The audit event as a part of somebody else's statement. For `hot/` only.
 */
import type { RequestContext } from '../platform/http/index.js';

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
  /** number of the first of eight placeholders, filled by `eventValues` */
  readonly first: number;
}

/** `INSERT INTO audit_event … SELECT … FROM …`. Every part but `first` is an SQL expression: quote literals. */
export function insertEvent({ outcome = `'success'`, grantId = 'NULL', first, ...parts }: EventParts): string {
  const values = Array.from({ length: 8 }, (_, i) => `$${first + i}::text`).join(', ');
  return `
    INSERT INTO audit_event
      (id, action, outcome, target_type, target_id, grant_id,
       actor_type, actor_id, actor_label, reason, ticket, request_id, network, user_agent)
    SELECT ${parts.id}, ${parts.action}, ${outcome}, ${parts.targetType}, ${parts.targetId}, ${grantId}::uuid,
       ${values}
    FROM ${parts.from}`;
}

/** What `insertEvent`'s placeholders stand for, in their order. */
export function eventValues({ actor, ...context }: RequestContext): (string | null)[] {
  return [
    actor.type,
    actor.id ?? null,
    actor.label ?? null,
    context.reason ?? null,
    context.ticket ?? null,
    textOrNull(context.requestId),
    textOrNull(context.network),
    textOrNull(context.userAgent),
  ];
}

const textOrNull = (text: string): string | null => (text === '' ? null : text);
