import { Migration } from '@mikro-orm/migrations';

/**
 * Delivery. `due_at`: until then, a queued message is left alone, and one being processed belongs to its sender.
 * `expires_at`: when the message goes out of date. `about_id`: what the message is about.
 */
export class Migration0004CourierDelivery extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `ALTER TABLE courier_message
    ADD COLUMN due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN about_id uuid,
    ADD COLUMN trouble_count integer NOT NULL DEFAULT 0`,
  `UPDATE courier_message SET expires_at = created_at + make_interval(secs => 60 * coalesce((data->>'minutes')::double precision, 0))`,
  `ALTER TABLE courier_message ALTER COLUMN expires_at SET DEFAULT clock_timestamp() + interval '3 days', ALTER COLUMN expires_at SET NOT NULL`,
  `CREATE INDEX courier_message_due ON courier_message (due_at) WHERE status IN ('queued', 'processing')`,
  `CREATE INDEX courier_message_expiring ON courier_message (expires_at) WHERE secret IS NOT NULL OR status IN ('queued', 'processing')`,
  `CREATE TABLE courier_dispatch (
    id uuid PRIMARY KEY,
    message_id uuid NOT NULL REFERENCES courier_message ON DELETE CASCADE,
    status text NOT NULL CHECK (status IN ('success', 'failed')),
    error jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX courier_dispatch_message ON courier_dispatch (message_id, created_at)`,
];
