import { Migration } from '@mikro-orm/migrations';

/** For the purge: messages that have ended, by when they did. One that is queued or being processed is not in it. */
export class Migration0011CourierEnded extends Migration {
  override up(): void {
    this.addSql(
      `CREATE INDEX courier_message_ended ON courier_message (updated_at) WHERE status NOT IN ('queued', 'processing')`,
    );
  }
}
