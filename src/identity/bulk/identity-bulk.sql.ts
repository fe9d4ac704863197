/** Formats a time as text: RFC 3339, UTC, microseconds. */
const at = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const IDENTITY_COLUMNS = `id uuid, "schemaId" text, state text, "stateChangedAt" timestamptz, traits text,
  "metadataPublic" text, "metadataAdmin" text, "externalId" text, "availableAal" text,
  "createdAt" timestamptz, "updatedAt" timestamptz`;
const ADDRESS_COLUMNS = `id uuid, "identityId" uuid, via text, value text, normalized text,
  "createdAt" timestamptz, "updatedAt" timestamptz`;

/** Each takes one JSON array of rows. */
export const INSERTS = {
  identity: `
    INSERT INTO identity (id, schema_id, state, state_changed_at, traits, metadata_public, metadata_admin, external_id,
      available_aal, created_at, updated_at)
    SELECT n.id, n."schemaId", n.state, n."stateChangedAt", n.traits::jsonb, n."metadataPublic"::jsonb,
      n."metadataAdmin"::jsonb, n."externalId", n."availableAal", n."createdAt", n."updatedAt"
    FROM json_to_recordset(?::json) AS n(${IDENTITY_COLUMNS})`,
  credential: `
    INSERT INTO identity_credential (id, identity_id, type, config, version, created_at, updated_at)
    SELECT n.id, n."identityId", n.type, n.config, n.version, n."createdAt", n."updatedAt"
    FROM json_to_recordset(?::json) AS n(id uuid, "identityId" uuid, type text, config jsonb, version integer,
      "createdAt" timestamptz, "updatedAt" timestamptz)`,
  identifier: `
    INSERT INTO credential_identifier (id, credential_id, identity_id, type, value, normalized)
    SELECT n.id, n."credentialId", n."identityId", n.type, n.value, n.normalized
    FROM json_to_recordset(?::json) AS n(id uuid, "credentialId" uuid, "identityId" uuid, type text, value text,
      normalized text)`,
  recovery: `
    INSERT INTO recovery_address (id, identity_id, via, value, normalized, created_at, updated_at)
    SELECT n.id, n."identityId", n.via, n.value, n.normalized, n."createdAt", n."updatedAt"
    FROM json_to_recordset(?::json) AS n(${ADDRESS_COLUMNS})`,
  verifiable: `
    INSERT INTO verifiable_address (id, identity_id, via, value, normalized, verified, status, verified_at, created_at,
      updated_at)
    SELECT n.id, n."identityId", n.via, n.value, n.normalized, n.verified, n.status, n."verifiedAt", n."createdAt",
      n."updatedAt"
    FROM json_to_recordset(?::json) AS n(${ADDRESS_COLUMNS}, verified boolean, status text, "verifiedAt" timestamptz)`,
} as const;

const address = (more = ''): string => `json_build_object('id', a.id, 'via', a.via, 'value', a.value,
  'normalized', a.normalized, 'createdAt', ${at('a.created_at')}, 'updatedAt', ${at('a.updated_at')}${more})`;
const addresses = (table: string, more?: string): string =>
  `(SELECT coalesce(json_agg(${address(more)} ORDER BY a.id), '[]') FROM "${table}" a WHERE a.identity_id = i.id)`;

/** Indexes: primary key, and the ones on identity_id and credential_id. */
export const READ = `
  SELECT json_build_object('id', i.id, 'schemaId', i.schema_id, 'state', i.state,
    'stateChangedAt', ${at('i.state_changed_at')}, 'traits', i.traits::text,
    'metadataPublic', i.metadata_public::text, 'metadataAdmin', i.metadata_admin::text,
    'externalId', i.external_id, 'availableAal', i.available_aal,
    'createdAt', ${at('i.created_at')}, 'updatedAt', ${at('i.updated_at')},
    'credentials', (
      SELECT coalesce(json_agg(json_build_object('id', c.id, 'type', c.type, 'config', c.config, 'version', c.version,
        'createdAt', ${at('c.created_at')}, 'updatedAt', ${at('c.updated_at')}, 'identifiers', (
          SELECT coalesce(json_agg(json_build_object('value', v.value, 'normalized', v.normalized) ORDER BY v.id), '[]')
          FROM credential_identifier v WHERE v.credential_id = c.id)) ORDER BY c.type), '[]')
      FROM identity_credential c WHERE c.identity_id = i.id),
    'recoveryAddresses', ${addresses('recovery_address')},
    'verifiableAddresses', ${addresses(
      'verifiable_address',
      `, 'verified', a.verified, 'status', a.status, 'verifiedAt', ${at('a.verified_at')}`,
    )}) AS identity
  FROM identity i WHERE i.id = ANY($1::uuid[])`;

/** Indexes: credential_identifier_unique, recovery_address_unique, verifiable_address_unique, identity_external_id_unique. */
export const FIND_TAKEN = `
  SELECT n."identityId", n.kind, n.space, n.normalized
  FROM json_to_recordset($1::json) AS n("identityId" uuid, kind text, space text, normalized text)
  WHERE CASE n.kind
    WHEN 'identifier' THEN EXISTS (SELECT FROM credential_identifier x
      WHERE x.type = n.space AND x.normalized = n.normalized AND x.identity_id <> n."identityId")
    WHEN 'recovery' THEN EXISTS (SELECT FROM recovery_address x
      WHERE x.via = n.space AND x.normalized = n.normalized AND x.identity_id <> n."identityId")
    WHEN 'verifiable' THEN EXISTS (SELECT FROM verifiable_address x
      WHERE x.via = n.space AND x.normalized = n.normalized AND x.identity_id <> n."identityId")
    ELSE EXISTS (SELECT FROM identity x WHERE x.external_id = n.normalized AND x.id <> n."identityId") END`;
