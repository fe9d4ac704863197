import { Migration } from '@mikro-orm/migrations';

/** The epoch of the session that is making a change. A session of a later epoch does not wait for it. */
export class Migration0025ChangeInFlightEpoch extends Migration {
  override up(): void {
    this.addSql(`ALTER TABLE change_in_flight ADD COLUMN access_epoch integer NOT NULL DEFAULT 0`);
  }
}
