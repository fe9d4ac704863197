import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { insertJob } from '../../platform/job-queue/index.js';
import type { MessageRow } from '../message-row.js';

/** A message that this process may deliver until its lease ends. */
export interface ClaimedMessage extends MessageRow {
  /** true if the message is out of date */
  expired: boolean;
}

/**
 * $1: messages, $2: lease in seconds. A job for a message that a process holds, or held when it died, waits for the end
 * of the lease. A message queued for later has its own job for that time.
 */
const CLAIM = `
  WITH claimed_ AS (
    UPDATE courier_message SET status = 'processing', send_count = send_count + 1, updated_at = clock_timestamp(),
      due_at = clock_timestamp() + make_interval(secs => $2::double precision)
    WHERE id = ANY ($1::uuid[]) AND status IN ('queued', 'processing') AND due_at <= clock_timestamp()
    RETURNING *, expires_at <= clock_timestamp() AS expired),
  held_ AS (
    SELECT id, due_at FROM courier_message
    WHERE id = ANY ($1::uuid[]) AND status = 'processing' AND due_at > clock_timestamp()),
  later_ AS (${insertJob({ queue: 'courier', from: 'held_', id: 'id', startAfter: 'due_at' })})
  SELECT * FROM claimed_`;

/**
 * HOT: decides which process delivers a message.
 * Invariant: between a claim and the end of its lease, no one else has the message; every unsent message has a job.
 * Index: courier_message_pkey.
 * Guarded by: claim-messages.race.spec.ts
 */
@Injectable()
export class ClaimMessages {
  constructor(private readonly db: Database) {}

  /** Claims those of the messages that are due and free. */
  run(ids: readonly string[], leaseSeconds: number): Promise<ClaimedMessage[]> {
    return this.db.statement<ClaimedMessage>('claim_courier_messages', CLAIM, [ids, leaseSeconds]);
  }
}
