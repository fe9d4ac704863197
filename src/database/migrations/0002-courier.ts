import { Migration } from '@mikro-orm/migrations';

/**
 * The outbox, and what recovery by mail needs. A mailed grant stores its recipient. One for an address without an
 * account belongs to no identity and opens nothing. A flow counts its mails.
 */
export class Migration0002Courier extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE TABLE courier_message (
    id uuid PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('queued', 'processing', 'sent', 'abandoned', 'suppressed')),
    type text NOT NULL DEFAULT 'email' CHECK (type IN ('email')),
    channel text NOT NULL DEFAULT 'email',
    template_type text NOT NULL,
    recipient text NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    secret bytea,
    key_id text,
    correlation_id text,
    send_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT courier_message_secret_has_key CHECK ((secret IS NULL) = (key_id IS NULL))
  )`,
  `CREATE INDEX courier_message_created_at ON courier_message (created_at, id)`,
  `CREATE INDEX courier_message_recipient ON courier_message (recipient, created_at, id)`,
  `ALTER TABLE recovery_grant ALTER COLUMN identity_id DROP NOT NULL`,
  `ALTER TABLE recovery_grant ADD COLUMN sent_to text`,
  `ALTER TABLE recovery_flow ADD COLUMN mail_count integer NOT NULL DEFAULT 0`,
];
