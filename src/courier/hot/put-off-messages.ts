import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { insertJob } from '../../platform/job-queue/index.js';

/** $1 messages, $2 seconds, $3 the most seconds that each is put off on top, by chance. */
const PUT_OFF = `
  WITH message_ AS (
    UPDATE courier_message SET due_at = clock_timestamp() + make_interval(secs => $2::double precision + random() * $3::double precision)
    WHERE id = ANY ($1::uuid[]) AND status = 'queued' AND due_at <= clock_timestamp()
    RETURNING id, due_at),
  held_ AS (
    SELECT id, due_at FROM message_
    UNION ALL
    SELECT id, due_at FROM courier_message WHERE id = ANY ($1::uuid[]) AND status = 'processing')
  ${insertJob({ queue: 'courier', from: 'held_', id: 'id', startAfter: 'due_at' })}`;

/** $1 messages: those that are still being handed over get a job for the end of their lease. */
const WATCH = `
  WITH held_ AS (SELECT id, due_at FROM courier_message WHERE id = ANY ($1::uuid[]) AND status = 'processing')
  ${insertJob({ queue: 'courier', from: 'held_', id: 'id', startAfter: 'due_at' })}`;

/**
 * $1 seconds that a message may be overdue, $2 how many. Only ones whose job got lost: made while the queue was away, or
 * dropped with it. Each gets a new one, and as much time again.
 */
const SWEEP = `
  WITH lost_ AS (
    SELECT id FROM courier_message
    WHERE status IN ('queued', 'processing') AND due_at < clock_timestamp() - make_interval(secs => $1::double precision)
    ORDER BY due_at LIMIT $2::integer FOR UPDATE SKIP LOCKED),
  message_ AS (
    UPDATE courier_message SET due_at = clock_timestamp() FROM lost_ WHERE courier_message.id = lost_.id
    RETURNING courier_message.id, due_at),
  job_ AS (${insertJob({ queue: 'courier', from: 'message_', id: 'id', startAfter: 'due_at' })})
  SELECT count(*)::integer AS found FROM message_`;

/**
 * HOT: messages that are not handed over now.
 * Invariant: every message that is queued or being processed has a job, the last one due when the message is.
 * Index: courier_message_pkey, courier_message_due.
 * Guarded by: claim-messages.race.spec.ts
 */
@Injectable()
export class PutOffMessages {
  constructor(private readonly db: Database) {}

  async run(ids: readonly string[], seconds: number, spread: number): Promise<void> {
    await this.db.statement('put_off_courier_messages', PUT_OFF, [ids, seconds, spread]);
  }

  async watch(ids: readonly string[]): Promise<void> {
    await this.db.statement('watch_courier_messages', WATCH, [ids]);
  }

  /** How many were found. */
  async sweep(overdueSeconds: number, limit: number): Promise<number> {
    const [row] = await this.db.statement<{ found: number }>('sweep_courier_messages', SWEEP, [overdueSeconds, limit]);
    return row?.found ?? 0;
  }
}
