import { Injectable } from '@nestjs/common';
import { Database, endedRows, type Purgeable, type PurgeableSource } from '../platform/database/index.js';

/**
 * $1: most messages to change. Ends messages that have expired, and erases their secrets, also of suppressed ones.
 * Leaves a message that is being sent right now to its sender. Index: courier_message_expiring.
 */
const EXPIRE = `
  WITH over_ AS (
    SELECT id FROM courier_message
    WHERE expires_at <= statement_timestamp() AND (secret IS NOT NULL OR status IN ('queued', 'processing'))
      AND (status <> 'processing' OR due_at <= clock_timestamp())
    ORDER BY expires_at LIMIT $1::integer FOR UPDATE SKIP LOCKED)
  UPDATE courier_message SET secret = NULL, key_id = NULL, updated_at = clock_timestamp(),
    status = CASE WHEN courier_message.status IN ('queued', 'processing') THEN 'abandoned' ELSE courier_message.status END
  FROM over_ WHERE courier_message.id = over_.id RETURNING 1 AS one`;

/**
 * Matches the index courier_message_ended. For such a message, `updated_at` is when it ended, because nothing changes
 * it later.
 */
const ENDED = `status NOT IN ('queued', 'processing')`;

/**
 * A message ends when it is sent or abandoned, at the latest when it expires; it is kept for the configured time after
 * that.
 * A message that may still be sent is never removed, however short that time is.
 */
@Injectable()
export class CourierPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [
      {
        name: 'expired messages and their secrets',
        purge: async (limit) => (await this.db.statement('expire_courier_messages', EXPIRE, [limit])).length,
      },
      endedRows(this.db, { name: 'courier messages', table: 'courier_message', ended: 'updated_at', where: ENDED }),
    ];
  }
}
