import { Migration } from '@mikro-orm/migrations';

/** For the purge: finds messages by when they ended. Leaves out queued and processing ones. */
export class Migration0011CourierEnded extends Migration {
  override up(): void {
    this.addSql(
      `CREATE INDEX courier_message_ended ON courier_message (updated_at) WHERE status NOT IN ('queued', 'processing')`,
    );
  }
}
