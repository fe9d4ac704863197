/**
 * The final shape of Kratos' tables for identities and sessions, in our own words. Times have no zone and mean UTC;
 * most keys start with the network or the identity.
 */
const NID = 'nid uuid REFERENCES networks ON DELETE CASCADE';
const TIMES = 'created_at timestamp NOT NULL, updated_at timestamp NOT NULL';

export const KRATOS_TABLES = [
  `CREATE TABLE networks (id uuid PRIMARY KEY, ${TIMES})`,
  `CREATE TABLE identities (
    id uuid PRIMARY KEY, schema_id varchar(2048) NOT NULL, traits jsonb NOT NULL, ${TIMES}, ${NID},
    state varchar(255) NOT NULL DEFAULT 'active', state_changed_at timestamp, metadata_public jsonb, metadata_admin jsonb,
    available_aal varchar(4), organization_id uuid, external_id varchar(255))`,
  `CREATE INDEX identities_nid_id_idx ON identities (nid, id)`,
  `CREATE UNIQUE INDEX identities_nid_external_id_idx ON identities (nid, external_id) WHERE external_id IS NOT NULL`,
  `CREATE TABLE identity_credential_types (id uuid PRIMARY KEY, name varchar(32) NOT NULL UNIQUE)`,
  `CREATE TABLE identity_credentials (
    id uuid NOT NULL UNIQUE, config jsonb NOT NULL,
    identity_credential_type_id uuid NOT NULL REFERENCES identity_credential_types ON DELETE CASCADE,
    identity_id uuid NOT NULL REFERENCES identities ON DELETE CASCADE, ${TIMES}, ${NID},
    version integer NOT NULL DEFAULT 0, PRIMARY KEY (identity_id, id))`,
  `CREATE TABLE identity_credential_identifiers (
    id uuid NOT NULL UNIQUE, identifier varchar(255) NOT NULL,
    identity_credential_id uuid NOT NULL REFERENCES identity_credentials (id) ON DELETE CASCADE, ${TIMES}, ${NID},
    identity_credential_type_id uuid NOT NULL REFERENCES identity_credential_types ON DELETE CASCADE,
    identity_id uuid NOT NULL REFERENCES identities ON DELETE CASCADE,
    PRIMARY KEY (identity_id, identity_credential_id, id))`,
  `CREATE UNIQUE INDEX identity_credential_identifiers_uq
    ON identity_credential_identifiers (nid, identity_credential_type_id, identifier)`,
  `CREATE INDEX identity_credential_identifiers_ici ON identity_credential_identifiers (identity_credential_id)`,
  `CREATE TABLE identity_recovery_addresses (
    id uuid PRIMARY KEY, via varchar(16) NOT NULL, value varchar(400) NOT NULL,
    identity_id uuid NOT NULL REFERENCES identities ON DELETE CASCADE, ${TIMES}, ${NID})`,
  `CREATE UNIQUE INDEX identity_recovery_addresses_uq ON identity_recovery_addresses (nid, via, value)`,
  `CREATE INDEX identity_recovery_addresses_identity ON identity_recovery_addresses (identity_id, nid)`,
  `CREATE TABLE identity_verifiable_addresses (
    id uuid PRIMARY KEY, status varchar(16) NOT NULL, via varchar(16) NOT NULL, verified boolean NOT NULL,
    value varchar(400) NOT NULL, verified_at timestamp,
    identity_id uuid NOT NULL REFERENCES identities ON DELETE CASCADE, ${TIMES}, ${NID})`,
  `CREATE UNIQUE INDEX identity_verifiable_addresses_uq ON identity_verifiable_addresses (nid, via, value)`,
  `CREATE INDEX identity_verifiable_addresses_identity ON identity_verifiable_addresses (identity_id, nid)`,
  `CREATE TABLE sessions (
    id uuid PRIMARY KEY, issued_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, expires_at timestamp NOT NULL,
    authenticated_at timestamp NOT NULL, identity_id uuid NOT NULL REFERENCES identities ON DELETE CASCADE, ${TIMES},
    token varchar(39) UNIQUE, active boolean DEFAULT false, ${NID}, logout_token varchar(39),
    aal varchar(4) NOT NULL DEFAULT 'aal1', authentication_methods jsonb NOT NULL)`,
  `CREATE INDEX sessions_identity ON sessions (identity_id, nid)`,
  `CREATE TABLE session_devices (
    id uuid NOT NULL UNIQUE, ip_address varchar(50) DEFAULT '', user_agent varchar(512) DEFAULT '',
    location varchar(512) DEFAULT '', ${NID}, session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE, ${TIMES},
    identity_id uuid NOT NULL, PRIMARY KEY (session_id, identity_id, id))`,
  `CREATE TABLE schema_migration (version varchar(48) NOT NULL, version_self integer NOT NULL DEFAULT 0)`,
];

/** Kratos' names for them; the ids are arbitrary. */
export const KRATOS_CREDENTIAL_TYPES = [
  'password',
  'oidc',
  'totp',
  'lookup_secret',
  'webauthn',
  'code',
  'passkey',
  'saml',
  'deviceauthn',
  'link_recovery',
  'code_recovery',
];
