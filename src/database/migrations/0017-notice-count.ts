import { Migration } from '@mikro-orm/migrations';

/**
 * Notices are counted by identity: `sent` is when its last five went out, oldest first; `allowed` whether the one that was counted last
 * could still go out by itself. What comes on top goes into a digest: a message with `digest_of`, which further ones are added to
 * until somebody claims it.
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
