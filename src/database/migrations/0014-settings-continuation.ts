import { Migration } from '@mikro-orm/migrations';

/** Settings forms that wait until their person signs in again: encrypted, and deleted after 15 minutes. */
export class Migration0014SettingsContinuation extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE settings_continuation (
      flow_id uuid PRIMARY KEY REFERENCES settings_flow ON DELETE CASCADE,
      identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
      session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
      browser_digest bytea NOT NULL,
      key_id text NOT NULL,
      sealed bytea NOT NULL,
      expires_at timestamptz NOT NULL
    )`);
    this.addSql('CREATE INDEX settings_continuation_identity ON settings_continuation (identity_id)');
    this.addSql('CREATE INDEX settings_continuation_session ON settings_continuation (session_id)');
    this.addSql('CREATE INDEX settings_continuation_expires_at ON settings_continuation (expires_at)');
  }
}
