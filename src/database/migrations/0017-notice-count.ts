import { Migration } from '@mikro-orm/migrations';

/**
 * Counts notices per identity. `sent`: when its last five were sent, oldest first. `allowed`: whether the last one
 * counted could still be sent on its own. Further ones go into a digest: a message with `digest_of`, which is extended
 * until it is claimed.
 */
export class Migration0017NoticeCount extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE TABLE notice_count (
    identity_id uuid PRIMARY KEY REFERENCES identity ON DELETE CASCADE,
    sent timestamptz[] NOT NULL,
    allowed boolean NOT NULL
  )`,
  `ALTER TABLE courier_message ADD COLUMN digest_of uuid`,
  `CREATE UNIQUE INDEX courier_message_digest ON courier_message (digest_of, recipient) WHERE digest_of IS NOT NULL AND send_count = 0`,
];
