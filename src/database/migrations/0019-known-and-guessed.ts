import { Migration } from '@mikro-orm/migrations';

/**
 * The networks an identity signed in from, as MACs. When short codes of an account were guessed, by identity id or, if
 * no account has the address, by a MAC of it. And who is changing what right now: unlogged, because a crash ends every
 * change.
 */
export class Migration0019KnownAndGuessed extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE TABLE known_network (
    identity_id uuid NOT NULL REFERENCES identity (id) ON DELETE CASCADE,
    digest bytea NOT NULL,
    access_epoch integer NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (identity_id, digest)
  )`,
  `CREATE INDEX known_network_seen_at ON known_network (seen_at)`,
  `CREATE TABLE code_guess (
    subject bytea PRIMARY KEY,
    guessed_at timestamptz[] NOT NULL,
    last_at timestamptz NOT NULL
  )`,
  `CREATE INDEX code_guess_last_at ON code_guess (last_at)`,
  `CREATE INDEX recovery_grant_mailed_code_digest ON recovery_grant (digest) WHERE kind = 'code' AND sent_to IS NOT NULL`,
  `CREATE UNLOGGED TABLE change_in_flight (
    identity_id uuid PRIMARY KEY,
    holder uuid NOT NULL,
    until timestamptz NOT NULL
  )`,
];
