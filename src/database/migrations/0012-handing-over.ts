import { Migration } from '@mikro-orm/migrations';

/**
 * A redemption hands the account over. `access_epoch` is the number that sessions, flows and proofs are checked
 * against: those with a lower number than the identity's are no longer valid. `access_epoch_from`: when it was last
 * raised.
 * `hand_over_until`: in the future while a hand-over is open, in the past after it was abandoned, otherwise null.
 */
export class Migration0012HandingOver extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `ALTER TABLE identity
    ADD COLUMN access_epoch integer NOT NULL DEFAULT 0,
    ADD COLUMN access_epoch_from timestamptz,
    ADD COLUMN hand_over_session_id uuid,
    ADD COLUMN hand_over_grant_id uuid,
    ADD COLUMN hand_over_by text CHECK (hand_over_by IN ('admin', 'self_service')),
    ADD COLUMN hand_over_sent_to text,
    ADD COLUMN hand_over_opened_at timestamptz,
    ADD COLUMN hand_over_until timestamptz,
    ADD COLUMN hand_over_tried_at timestamptz,
    ADD COLUMN contained_at timestamptz,
    ADD COLUMN contained_by uuid,
    ADD COLUMN containment text CHECK (containment IN ('all', 'keep_mail')),
    ADD CONSTRAINT identity_containment_is_whole CHECK ((contained_at IS NULL) = (containment IS NULL))`,
  `ALTER TABLE session ADD COLUMN access_epoch integer NOT NULL DEFAULT 0`,
  `ALTER TABLE settings_flow ADD COLUMN access_epoch integer NOT NULL DEFAULT 0`,
  `ALTER TABLE login_flow ADD COLUMN access_epoch integer NOT NULL DEFAULT 0`,
  `ALTER TABLE credential_identifier ADD COLUMN suspended_at timestamptz`,
  `ALTER TABLE recovery_address ADD COLUMN suspended_at timestamptz`,
  `CREATE INDEX identity_contained ON identity (id) WHERE contained_at IS NOT NULL`,
];
