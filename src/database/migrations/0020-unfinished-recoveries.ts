import { Migration } from '@mikro-orm/migrations';

/**
 * `identity.hand_over_told_at`: when its owner was told that this recovery was not completed; null if nobody was told.
 * `daily_task`: when a task that one node does once a day was last done.
 */
export class Migration0020UnfinishedRecoveries extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `ALTER TABLE identity ADD COLUMN hand_over_told_at timestamptz`,
  `UPDATE identity SET hand_over_told_at = clock_timestamp() WHERE hand_over_until <= clock_timestamp()`,
  `CREATE INDEX identity_hand_over_untold ON identity (hand_over_until) WHERE hand_over_until IS NOT NULL AND hand_over_told_at IS NULL`,
  `CREATE TABLE daily_task (name text PRIMARY KEY, done_at timestamptz NOT NULL)`,
];
