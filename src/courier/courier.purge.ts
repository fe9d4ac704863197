import { Injectable } from '@nestjs/common';
import { Database, endedRows, type Purgeable, type PurgeableSource } from '../platform/database/index.js';

/**
 * $1 how many. What a message says is not true any more: nobody sends it, and its secret goes, also that of one which is never
 * sent. One that is being handed over just now is left to whoever does. Index: courier_message_expiring.
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

/** As in the index courier_message_ended. `updated_at` of such a message says when it ended: nothing touches it any more. */
const ENDED = `status NOT IN ('queued', 'processing')`;

/**
 * A message ends by being sent or given up, at the latest when what it says expires; so long after that it goes. One that may
 * still be sent is never removed, however short the rest is kept.
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
