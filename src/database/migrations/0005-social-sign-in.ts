import { Migration } from '@mikro-orm/migrations';

/**
 * Pending sign-ins with other providers. Stores only a digest of each attempt's state, neither the state itself nor
 * what is derived from it (nonce, PKCE verifier).
 */
export class Migration0005SocialSignIn extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE TABLE social_sign_in_state (
    id uuid PRIMARY KEY,
    digest bytea NOT NULL,
    key_id text NOT NULL,
    browser_digest bytea NOT NULL,
    provider text NOT NULL,
    pkce boolean NOT NULL,
    flow_kind text NOT NULL CHECK (flow_kind IN ('login', 'settings')),
    flow_id uuid NOT NULL,
    session_id uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT social_sign_in_state_digest_unique UNIQUE (digest),
    CONSTRAINT social_sign_in_state_settings_session CHECK ((flow_kind = 'settings') = (session_id IS NOT NULL))
  )`,
  `CREATE INDEX social_sign_in_state_expires_at ON social_sign_in_state (expires_at)`,
];
