import { Migration } from '@mikro-orm/migrations';

/** Whether the current credential goes back to a link or code mailed by self-service. */
export class Migration0026SetByMailbox extends Migration {
  override up(): void {
    this.addSql(`ALTER TABLE identity ADD COLUMN set_by_mailbox boolean NOT NULL DEFAULT false`);
  }
}
