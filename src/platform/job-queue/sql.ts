import { QUEUE_SCHEMA, QUEUES, type QueueName } from './names.js';

interface JobColumns {
  queue: QueueName;
  /** SQL for the source of the rows; each row becomes a job */
  from: string;
  /** SQL expression: the uuid that the job is about */
  id: string;
  /** SQL expression: timestamptz */
  startAfter: string;
}

/** Days after which a job that no worker has taken is dropped. Its creator must deal with the row before then. */
const KEPT = 14;
/** Seconds to keep a finished job. */
const DONE = 600;
/** Retries never run out: the job's own row decides when to give up, not the queue. */
const RETRIES = 1_000_000;

/**
 * SQL that creates one job per row, to embed in the statement that requires the work. Columns as documented by pg-boss.
 */
export function insertJob({ queue, from, id, startAfter }: JobColumns): string {
  return `INSERT INTO ${QUEUE_SCHEMA}.job (name, data, start_after, keep_until, expire_seconds, deletion_seconds, retry_limit)
    SELECT '${queue}', jsonb_build_object('id', ${id}), ${startAfter}, ${startAfter} + interval '${KEPT} days',
      ${QUEUES[queue].expireInSeconds}, ${DONE}, ${RETRIES}
    FROM ${from}`;
}
