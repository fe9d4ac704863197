import { Migration } from '@mikro-orm/migrations';

/**
 * When addresses were added to identities and removed from them.
 *
 * `address_history` has a row for each mailbox or number that was added to or removed from an identity after its
 * creation; an address without a row dates from the creation. Rows are deleted 30 days after `removed_at`, or with the
 * identity.
 *
 * - `kind`: `recovery` or `verifiable`. `mailbox`: the form that identifies a mailbox (see identifiers/mailbox.ts);
 *   `normalized`: the form in which addresses are compared; `value`: the form last used for mail, and stored in
 *   recovery_address or verifiable_address.
 * - `added_at` to `removed_at`: the last time that it belonged to the identity. `added_at` null: since its creation;
 *   `removed_at` null: it still does. Changed in the last 30 days: `removed_at IS NULL AND added_at > clock_timestamp()
 *   - interval '30 days'`.
 * - `young_since`: when a token without `credentials:write` added it. It gets no secret until
 *   `regain.recovery.address_min_age` later. Null: old enough.
 * - `kept_since`: when such a token removed it. It still works for recovery until `address_min_age` later.
 * - `told_at`: when a notice was sent to it before anyone had proved that it is the person's.
 *
 * `address_change` stores an identity's state before such a token changed its recovery addresses, and the digest of the
 * link that undoes the change.
 */
export class Migration0016AddressHistory extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

/** Nothing records who made past changes, so recent ones are treated as made by a token. */
const SO_FAR = (kind: 'recovery' | 'verifiable'): string => `
  INSERT INTO address_history (id, identity_id, kind, via, mailbox, normalized, value, first_seen_at, added_at, young_since)
  SELECT gen_random_uuid(), a.identity_id, '${kind}', a.via, a.value, a.normalized, a.value, a.created_at, a.updated_at, a.updated_at
  FROM ${kind}_address a JOIN identity i ON i.id = a.identity_id
  WHERE a.updated_at > clock_timestamp() - interval '30 days' AND a.updated_at > i.created_at + interval '1 minute'`;

const STATEMENTS = [
  `CREATE TABLE address_history (
    id uuid PRIMARY KEY,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('recovery', 'verifiable')),
    via text NOT NULL,
    mailbox text NOT NULL,
    normalized text NOT NULL,
    value text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    added_at timestamptz,
    removed_at timestamptz,
    young_since timestamptz,
    kept_since timestamptz,
    told_at timestamptz,
    CONSTRAINT address_history_unique UNIQUE (identity_id, kind, via, mailbox)
  )`,
  `CREATE INDEX address_history_kept ON address_history (normalized) WHERE kept_since IS NOT NULL`,
  `CREATE INDEX address_history_removed_at ON address_history (removed_at)`,
  `CREATE TABLE address_change (
    identity_id uuid PRIMARY KEY REFERENCES identity ON DELETE CASCADE,
    digest bytea NOT NULL,
    schema_id text NOT NULL,
    traits jsonb NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    undone_at timestamptz,
    CONSTRAINT address_change_digest UNIQUE (digest)
  )`,
  `CREATE INDEX address_change_changed_at ON address_change (changed_at)`,
  SO_FAR('recovery'),
  SO_FAR('verifiable'),
];
