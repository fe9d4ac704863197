import { Migration } from '@mikro-orm/migrations';

/** Further details of an event, such as the provider that the person signed in with. */
export class Migration0009AuditDetail extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE audit_event ADD COLUMN detail jsonb');
  }
}
