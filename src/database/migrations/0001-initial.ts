import { Migration } from '@mikro-orm/migrations';

/**
 * The first tables. The application creates ids; times are timestamptz; foreign keys across modules exist only here.
 * Plain SQL that runs on PostgreSQL 15.
 */
export class Migration0001Initial extends Migration {
  override up(): void {
    for (const sql of STATEMENTS) this.addSql(sql);
  }
}

const STATEMENTS = [
  `CREATE TABLE identity (
    id uuid PRIMARY KEY,
    schema_id text NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'inactive')),
    state_changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    traits jsonb NOT NULL,
    metadata_public jsonb,
    metadata_admin jsonb,
    external_id text,
    available_aal text NOT NULL DEFAULT 'aal1',
    sessions_valid_from timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE UNIQUE INDEX identity_external_id_unique ON identity (external_id)`,
  `CREATE TABLE identity_credential (
    id uuid PRIMARY KEY,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    type text NOT NULL,
    config jsonb NOT NULL DEFAULT '{}',
    version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT identity_credential_type_unique UNIQUE (identity_id, type)
  )`,
  `CREATE TABLE credential_identifier (
    id uuid PRIMARY KEY,
    credential_id uuid NOT NULL REFERENCES identity_credential ON DELETE CASCADE,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    type text NOT NULL,
    value text NOT NULL,
    normalized text NOT NULL,
    CONSTRAINT credential_identifier_unique UNIQUE (type, normalized)
  )`,
  `CREATE INDEX credential_identifier_credential ON credential_identifier (credential_id)`,
  `CREATE INDEX credential_identifier_identity ON credential_identifier (identity_id)`,
  `CREATE INDEX credential_identifier_normalized ON credential_identifier (normalized)`,
  `CREATE TABLE recovery_address (
    id uuid PRIMARY KEY,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    via text NOT NULL,
    value text NOT NULL,
    normalized text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT recovery_address_unique UNIQUE (via, normalized)
  )`,
  `CREATE INDEX recovery_address_identity ON recovery_address (identity_id)`,
  `CREATE TABLE verifiable_address (
    id uuid PRIMARY KEY,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    via text NOT NULL,
    value text NOT NULL,
    normalized text NOT NULL,
    verified boolean NOT NULL DEFAULT false,
    status text NOT NULL DEFAULT 'pending',
    verified_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT verifiable_address_unique UNIQUE (via, normalized)
  )`,
  `CREATE INDEX verifiable_address_identity ON verifiable_address (identity_id)`,
  `CREATE TABLE recovery_flow (
    id uuid PRIMARY KEY,
    type text NOT NULL CHECK (type IN ('browser', 'api')),
    state text NOT NULL DEFAULT 'choose_method',
    active_method text,
    request_url text NOT NULL,
    return_to text,
    csrf_digest bytea,
    skip_csrf boolean NOT NULL DEFAULT false,
    messages jsonb NOT NULL DEFAULT '[]',
    node_messages jsonb NOT NULL DEFAULT '{}',
    submitted jsonb NOT NULL DEFAULT '{}',
    submit_count integer NOT NULL DEFAULT 0,
    identity_id uuid,
    issued_by_admin boolean NOT NULL DEFAULT false,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
  )`,
  `CREATE INDEX recovery_flow_expires_at ON recovery_flow (expires_at)`,
  `CREATE TABLE recovery_grant (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('link', 'code')),
    digest bytea NOT NULL,
    key_id text,
    flow_id uuid NOT NULL REFERENCES recovery_flow ON DELETE CASCADE,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    purpose text NOT NULL DEFAULT 'admin',
    issued_by_type text NOT NULL,
    issued_by_id text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    session_id uuid,
    nonce_digest bytea
  )`,
  `CREATE UNIQUE INDEX recovery_grant_link_digest ON recovery_grant (digest) WHERE kind = 'link'`,
  `CREATE INDEX recovery_grant_flow ON recovery_grant (flow_id)`,
  `CREATE INDEX recovery_grant_identity ON recovery_grant (identity_id, created_at)`,
  `CREATE TABLE settings_flow (
    id uuid PRIMARY KEY,
    type text NOT NULL CHECK (type IN ('browser', 'api')),
    state text NOT NULL DEFAULT 'show_form',
    active_method text,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    request_url text NOT NULL,
    return_to text,
    csrf_digest bytea,
    messages jsonb NOT NULL DEFAULT '[]',
    node_messages jsonb NOT NULL DEFAULT '{}',
    submitted jsonb NOT NULL DEFAULT '{}',
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
  )`,
  `CREATE INDEX settings_flow_expires_at ON settings_flow (expires_at)`,
  `CREATE INDEX settings_flow_identity ON settings_flow (identity_id)`,
  `CREATE TABLE login_flow (
    id uuid PRIMARY KEY,
    type text NOT NULL CHECK (type IN ('browser', 'api')),
    state text NOT NULL DEFAULT 'choose_method',
    active_method text,
    request_url text NOT NULL,
    return_to text,
    refresh boolean NOT NULL DEFAULT false,
    requested_aal text NOT NULL DEFAULT 'aal1',
    identity_id uuid,
    csrf_digest bytea,
    messages jsonb NOT NULL DEFAULT '[]',
    node_messages jsonb NOT NULL DEFAULT '{}',
    submitted jsonb NOT NULL DEFAULT '{}',
    completed_at timestamptz,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
  )`,
  `CREATE INDEX login_flow_expires_at ON login_flow (expires_at)`,
  `CREATE TABLE session (
    id uuid PRIMARY KEY,
    token_digest bytea NOT NULL,
    identity_id uuid NOT NULL REFERENCES identity ON DELETE CASCADE,
    aal text NOT NULL DEFAULT 'aal1',
    methods jsonb NOT NULL DEFAULT '[]',
    active boolean NOT NULL DEFAULT true,
    origin text NOT NULL CHECK (origin IN ('login', 'recovery', 'import')),
    restricted boolean NOT NULL DEFAULT false,
    grant_id uuid,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    authenticated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT session_token_digest_unique UNIQUE (token_digest)
  )`,
  `CREATE INDEX session_identity ON session (identity_id)`,
  `CREATE INDEX session_expires_at ON session (expires_at)`,
  `CREATE TABLE session_device (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
    ip_address text NOT NULL DEFAULT '',
    user_agent text NOT NULL DEFAULT '',
    location text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX session_device_session ON session_device (session_id)`,
  `CREATE TABLE flow_error (
    id uuid PRIMARY KEY,
    error jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  `CREATE INDEX flow_error_created_at ON flow_error (created_at)`,
  `CREATE TABLE access_token (
    id uuid PRIMARY KEY,
    digest bytea NOT NULL,
    name text NOT NULL,
    last4 text NOT NULL,
    scopes jsonb NOT NULL,
    source text NOT NULL CHECK (source IN ('api', 'command', 'environment', 'first_start')),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT access_token_digest_unique UNIQUE (digest)
  )`,
  `CREATE TABLE audit_event (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_type text NOT NULL,
    actor_id text,
    actor_label text,
    action text NOT NULL,
    outcome text NOT NULL,
    target_type text,
    target_id text,
    grant_id uuid,
    reason text,
    ticket text,
    request_id text,
    network text,
    user_agent text
  )`,
  `CREATE INDEX audit_event_target ON audit_event (target_id, id)`,
  `CREATE INDEX audit_event_action ON audit_event (action, id)`,
  `CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit_event is append-only' USING ERRCODE = '42501'; END $$`,
  `CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()`,
];
