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

interface NoticeColumns {
  /** of the part that writes the messages, in the WITH that it is put into; the others are named after it */
  name: string;
  /** what the rows come from; one mailbox a row */
  from: string;
  identityId: string;
  id: string;
  templateType: string;
  recipient: string;
  /** jsonb without secrets */
  data: string;
  correlationId: string;
}

/** Notices of one identity an hour; what comes on top goes into a digest. */
const NOTICES_AN_HOUR = 5;
const HOUR = `interval '1 hour'`;

/** One row an identity: whether a notice may go out by itself. Who waits for the row sees what was counted meanwhile. */
const count = ({ name, from, identityId }: NoticeColumns): string => `${name}count_ AS (
    INSERT INTO notice_count AS c (identity_id, sent, allowed)
    SELECT told_of, ARRAY[clock_timestamp()], true FROM (SELECT DISTINCT (${identityId})::uuid AS told_of FROM ${from}) AS identities_
    ON CONFLICT (identity_id) DO UPDATE SET
      allowed = cardinality(c.sent) < ${NOTICES_AN_HOUR} OR c.sent[1] <= clock_timestamp() - ${HOUR},
      sent = CASE WHEN cardinality(c.sent) < ${NOTICES_AN_HOUR} THEN c.sent || clock_timestamp()
        WHEN c.sent[1] <= clock_timestamp() - ${HOUR} THEN c.sent[2:] || clock_timestamp() ELSE c.sent END
    RETURNING identity_id, allowed)`;

/** A digest says how often each thing happened. It goes out an hour after its first one, and takes in what comes until then. */
const digest = ({ name, identityId, ...columns }: NoticeColumns, from: string): string => `${name}digest_ AS (
    INSERT INTO courier_message AS m (id, status, template_type, recipient, data, correlation_id, digest_of, due_at, expires_at)
    SELECT (${columns.id})::uuid, 'queued', 'notice_digest', (${columns.recipient})::text,
      ((${columns.data})::jsonb - 'userAgent' - 'byAdministrator' - 'provider' - 'method' - 'endsOlder' - 'contained')
        || jsonb_build_object('counts', jsonb_build_object((${columns.templateType})::text, 1)),
      (${columns.correlationId})::text, (${identityId})::uuid, now_ + ${HOUR}, now_ + ${HOUR} + make_interval(mins => ${WORTH_SENDING})
    FROM ${from}, clock_timestamp() AS now_
    ON CONFLICT (digest_of, recipient) WHERE digest_of IS NOT NULL AND send_count = 0 DO UPDATE SET updated_at = clock_timestamp(),
      data = m.data || jsonb_build_object('at', excluded.data -> 'at', 'counts', (m.data -> 'counts') || (
        SELECT jsonb_object_agg(key, coalesce((m.data -> 'counts' ->> key)::integer, 0) + 1) FROM jsonb_object_keys(excluded.data -> 'counts') AS key))
    RETURNING id, due_at, xmax = 0 AS is_new),
  ${name}digestjob_ AS (${insertJob({ queue: 'courier', from: `${name}digest_ WHERE is_new`, id: 'id', startAfter: 'due_at' })})`;

/** The parts of a WITH that tell each mailbox of an identity of something: at once, or beyond the hour's number in a digest. */
export function insertNotices(notices: NoticeColumns): string {
  const { name, from, identityId } = notices;
  const which = (allowed: string): string =>
    `${from} JOIN ${name}count_ ON ${name}count_.identity_id = (${identityId})::uuid AND ${allowed}${name}count_.allowed`;
  const direct = { ...notices, from: which(''), status: `'queued'`, secret: 'NULL', keyId: 'NULL' };
  return [count(notices), insertMessage(direct), digest(notices, which('NOT '))].join(',\n  ');
}
