import { QUEUE_SCHEMA, QUEUES, type QueueName } from './names.js';

interface JobColumns {
  queue: QueueName;
  /** what the rows come from; one job a row */
  from: string;
  /** SQL expression: the uuid that the job is about */
  id: string;
  /** SQL expression: timestamptz */
  startAfter: string;
}

/** Days after which a job that nobody took is dropped; whoever made it looks after its rows before. */
const KEPT = 14;
/** Seconds that a job which is done stays. */
const DONE = 600;
/** A job whose worker died is never given up by the queue: what is to be given up, its row says. */
const RETRIES = 1_000_000;

/** Makes one job a row; part of the statement that makes it necessary. Columns as pg-boss documents them. */
export function insertJob({ queue, from, id, startAfter }: JobColumns): string {
  return `INSERT INTO ${QUEUE_SCHEMA}.job (name, data, start_after, keep_until, expire_seconds, deletion_seconds, retry_limit)
    SELECT '${queue}', jsonb_build_object('id', ${id}), ${startAfter}, ${startAfter} + interval '${KEPT} days',
      ${QUEUES[queue].expireInSeconds}, ${DONE}, ${RETRIES}
    FROM ${from}`;
}
