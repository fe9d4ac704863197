import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { insertJob } from '../../platform/job-queue/index.js';
import { Random } from '../../platform/random/index.js';
import type { ClaimedMessage } from './claim-messages.js';

/** The result of an attempt, for people and programs. Contains no address, no secret, and no text written by others. */
export interface DispatchError {
  readonly message: string;
  /** code of the server's reply */
  readonly code?: number;
}

export type Failure =
  /** not retried */
  | { readonly kind: 'abandoned'; readonly error: DispatchError }
  /** retried; `counts` if the message may be at fault */
  | { readonly kind: 'retry'; readonly error: DispatchError; readonly inSeconds: number; readonly counts: boolean };

/** $1: message, $2: dispatch. The process that sent the message records it, even if its lease has ended. */
const SENT = `
  WITH message_ AS (
    UPDATE courier_message SET status = 'sent', secret = NULL, key_id = NULL, updated_at = clock_timestamp()
    WHERE id = $1::uuid AND status <> 'sent' RETURNING id)
  INSERT INTO courier_dispatch (id, message_id, status) SELECT $2::uuid, id, 'success' FROM message_`;

/**
 * $1: message, $2: dispatch, $3: number of the claim, $4: status, $5: seconds until the next attempt, $6: failures to
 * add, $7: error.
 * A repeated error adds no row; only its time is updated.
 */
const FAILED = `
  WITH message_ AS (
    UPDATE courier_message SET status = $4::text, due_at = clock_timestamp() + make_interval(secs => $5::double precision),
      trouble_count = trouble_count + $6::integer, updated_at = clock_timestamp(),
      secret = CASE WHEN $4::text = 'queued' THEN secret END, key_id = CASE WHEN $4::text = 'queued' THEN key_id END
    WHERE id = $1::uuid AND status = 'processing' AND send_count = $3::integer
    RETURNING id, due_at),
  job_ AS (${insertJob({ queue: 'courier', from: `message_ WHERE $4::text = 'queued'`, id: 'id', startAfter: 'due_at' })}),
  last_ AS (
    SELECT courier_dispatch.id, courier_dispatch.error FROM courier_dispatch JOIN message_ ON courier_dispatch.message_id = message_.id
    ORDER BY courier_dispatch.created_at DESC LIMIT 1),
  again_ AS (
    UPDATE courier_dispatch SET updated_at = clock_timestamp() FROM last_
    WHERE courier_dispatch.id = last_.id AND last_.error = $7::jsonb RETURNING courier_dispatch.id)
  INSERT INTO courier_dispatch (id, message_id, status, error)
  SELECT $2::uuid, id, 'failed', $7::jsonb FROM message_ WHERE NOT EXISTS (SELECT FROM again_)`;

/**
 * HOT: the end of every delivery attempt.
 * Invariant: the statement that ends a message erases its secret; a message to be retried has its next job.
 * Index: courier_message_pkey, courier_dispatch_message.
 * Guarded by: claim-messages.race.spec.ts
 */
@Injectable()
export class FinishMessage {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
  ) {}

  async sent(id: string): Promise<void> {
    await this.db.statement('courier_message_sent', SENT, [id, this.random.uuid()]);
  }

  async failed({ id, send_count }: ClaimedMessage, failure: Failure): Promise<void> {
    const retry = failure.kind === 'retry' ? failure : undefined;
    await this.db.statement('courier_message_failed', FAILED, [
      id,
      this.random.uuid(),
      send_count,
      retry ? 'queued' : 'abandoned',
      retry?.inSeconds ?? 0,
      retry && !retry.counts ? 1 : 0,
      JSON.stringify(failure.error),
    ]);
  }
}
