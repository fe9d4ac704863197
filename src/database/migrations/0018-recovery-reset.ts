import { Migration } from '@mikro-orm/migrations';

/**
 * Types of credentials to remove when a credential is set after a redemption: of the grant, and of the hand-over it
 * opened.
 */
export class Migration0018RecoveryReset extends Migration {
  override up(): void {
    this.addSql(`ALTER TABLE recovery_grant ADD COLUMN reset text[] NOT NULL DEFAULT '{}'`);
    this.addSql(`ALTER TABLE identity ADD COLUMN hand_over_reset text[] NOT NULL DEFAULT '{}'`);
  }
}
