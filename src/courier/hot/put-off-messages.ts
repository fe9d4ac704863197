import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { insertJob } from '../../platform/job-queue/index.js';

/** $1: messages, $2: seconds, $3: most seconds to add to each at random. */
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

/** $1: messages. Those still being delivered get a job for the end of their lease. */
const WATCH = `
  WITH held_ AS (SELECT id, due_at FROM courier_message WHERE id = ANY ($1::uuid[]) AND status = 'processing')
  ${insertJob({ queue: 'courier', from: 'held_', id: 'id', startAfter: 'due_at' })}`;

/**
 * $1: seconds a message may be overdue, $2: most messages. Finds those whose job was lost: created while the queue was
 * away, or dropped with it. Each gets a new job, and the same time again.
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
 * HOT: messages that are not delivered now.
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

  /** Returns how many were found. */
  async sweep(overdueSeconds: number, limit: number): Promise<number> {
    const [row] = await this.db.statement<{ found: number }>('sweep_courier_messages', SWEEP, [overdueSeconds, limit]);
    return row?.found ?? 0;
  }
}
