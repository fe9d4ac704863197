import { Migration } from '@mikro-orm/migrations';

/**
 * Repeatable calls that created a link or code: who requested what, and the result. The secret is not stored but
 * derived again.
 */
export class Migration0007AdminDelivery extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE TABLE recovery_idempotency_key (
    digest bytea PRIMARY KEY,
    request_digest bytea NOT NULL,
    key_id text NOT NULL,
    flow_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    message_id uuid,
    expires_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL
  )`,
  `CREATE INDEX recovery_idempotency_key_forget_at ON recovery_idempotency_key (forget_at)`,
];
