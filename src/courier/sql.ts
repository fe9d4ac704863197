/**
 * Second door, for statements in hot/ only: the courier's part of them.
 *
 * Every field is an SQL expression (`$3`, `target_.value`), never a value.
 */
import { insertJob } from '../platform/job-queue/index.js';

interface MessageColumns {
  /** name of the WITH part that writes the messages; the part for their jobs is named after it */
  name: string;
  /** SQL for the source of the rows; each row becomes a message */
  from: string;
  id: string;
  /** `'queued'`, or `'suppressed'` for a message that is never sent or shown */
  status: string;
  templateType: string;
  recipient: string;
  /** jsonb without secrets; `minutes` says how long the message is worth sending */
  data: string;
  /** bytea and text, from `Outbox.draft` */
  secret: string;
  keyId: string;
  correlationId: string;
  /** uuid of what the message is about; the provider of MESSAGE_STILL_WANTED knows it */
  aboutId?: string;
}

/** Minutes that a message is worth sending if its data does not say. */
const WORTH_SENDING = '4320';

/**
 * WITH parts that write one outgoing message per row and its delivery job: both or neither. A suppressed message also
 * gets a job, which finds nothing to do, so that the work is the same.
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
  /** name of the WITH part that writes the messages; the others are named after it */
  name: string;
  /** SQL for the source of the rows; each row is a mailbox */
  from: string;
  identityId: string;
  id: string;
  templateType: string;
  recipient: string;
  /** jsonb without secrets */
  data: string;
  correlationId: string;
}

/** Notices per identity and hour; more go into a digest. */
const NOTICES_AN_HOUR = 5;
const HOUR = `interval '1 hour'`;

/**
 * One row per identity: decides whether a notice is sent on its own. A statement that waited for the row sees the count
 * of the others.
 */
const count = ({ name, from, identityId }: NoticeColumns): string => `${name}count_ AS (
    INSERT INTO notice_count AS c (identity_id, sent, allowed)
    SELECT told_of, ARRAY[clock_timestamp()], true FROM (SELECT DISTINCT (${identityId})::uuid AS told_of FROM ${from}) AS identities_
    ON CONFLICT (identity_id) DO UPDATE SET
      allowed = cardinality(c.sent) < ${NOTICES_AN_HOUR} OR c.sent[1] <= clock_timestamp() - ${HOUR},
      sent = CASE WHEN cardinality(c.sent) < ${NOTICES_AN_HOUR} THEN c.sent || clock_timestamp()
        WHEN c.sent[1] <= clock_timestamp() - ${HOUR} THEN c.sent[2:] || clock_timestamp() ELSE c.sent END
    RETURNING identity_id, allowed)`;

/**
 * A digest counts the events of each kind. It is sent an hour after its first event and includes everything until then.
 */
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

/** WITH parts that notify each mailbox of an identity: at once or, above the hourly limit, in a digest. */
export function insertNotices(notices: NoticeColumns): string {
  const { name, from, identityId } = notices;
  const which = (allowed: string): string =>
    `${from} JOIN ${name}count_ ON ${name}count_.identity_id = (${identityId})::uuid AND ${allowed}${name}count_.allowed`;
  const direct = { ...notices, from: which(''), status: `'queued'`, secret: 'NULL', keyId: 'NULL' };
  return [count(notices), insertMessage(direct), digest(notices, which('NOT '))].join(',\n  ');
}
