/**
 * Second door, for statements in hot/ only: the part that the courier contributes to them.
 *
 * Every field is an SQL expression (`$3`, `target_.value`), never a value.
 */
import { insertJob } from '../platform/job-queue/index.js';

interface MessageColumns {
  /** of the part that writes the messages, in the WITH that it is put into; the one for their jobs is named after it */
  name: string;
  /** what the rows come from; one message a row */
  from: string;
  id: string;
  /** `'queued'`, or `'suppressed'` for one that is never sent nor shown */
  status: string;
  templateType: string;
  recipient: string;
  /** jsonb without secrets; `minutes` says how long the message is worth sending */
  data: string;
  /** bytea and text, as `Outbox.draft` made them */
  secret: string;
  keyId: string;
  correlationId: string;
  /** uuid of what the message stands and falls with; whoever provides MESSAGE_STILL_WANTED knows it */
  aboutId?: string;
}

/** How long a message is worth sending that does not say so itself. */
const WORTH_SENDING = '4320';

/**
 * The parts of a WITH that write one outgoing message a row and the job that delivers it: both or neither. A suppressed
 * message has a job, too, which finds nothing to do: the work is the same.
 */
export function insertMessage({ name, from, aboutId = 'NULL', ...columns }: MessageColumns): string {
  return `${name} AS (
    INSERT INTO courier_message (id, status, template_type, recipient, data, secret, key_id, correlation_id, about_id, due_at, expires_at)
    SELECT (${columns.id})::uuid, (${columns.status})::text, (${columns.templateType})::text, (${columns.recipient})::text,
      (${columns.data})::jsonb, (${columns.secret})::bytea, (${columns.keyId})::text, (${columns.correlationId})::text,
      (${aboutId})::uuid, written_, written_
        + make_interval(secs => 60 * coalesce(((${columns.data})::jsonb ->> 'minutes')::double precision, ${WORTH_SENDING}))
    FROM ${from}, clock_timestamp() AS written_
    RETURNING id, due_at),
  ${name}job_ AS (${insertJob({ queue: 'courier', from: name, id: 'id', startAfter: 'due_at' })})`;
}
