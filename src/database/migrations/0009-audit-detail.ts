import { Migration } from '@mikro-orm/migrations';

/** What else there is to say about an event, such as the provider that somebody signed in with. */
export class Migration0009AuditDetail extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE audit_event ADD COLUMN detail jsonb');
  }
}
