/**
 * Second door, for statements in hot/ only: the part that the courier contributes to them.
 *
 * Every field is an SQL expression (`$3`, `target_.value`), never a value.
 */

interface MessageColumns {
  /** what the rows come from; one message a row */
  from: string;
  id: string;
  /** `'queued'`, or `'suppressed'` for one that is never sent nor shown */
  status: string;
  templateType: string;
  recipient: string;
  /** jsonb without secrets */
  data: string;
  /** bytea and text, as `Outbox.draft` made them */
  secret: string;
  keyId: string;
  correlationId: string;
}

/** Inserts one outgoing message a row. */
export function insertMessage({ from, ...columns }: MessageColumns): string {
  return `INSERT INTO courier_message (id, status, template_type, recipient, data, secret, key_id, correlation_id)
    SELECT (${columns.id})::uuid, (${columns.status})::text, (${columns.templateType})::text, (${columns.recipient})::text,
      (${columns.data})::jsonb, (${columns.secret})::bytea, (${columns.keyId})::text, (${columns.correlationId})::text
    FROM ${from}`;
}
