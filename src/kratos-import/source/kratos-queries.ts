import type { KratosShape } from './kratos-shape.js';

/*
 * Times and JSON are selected as text, because the driver's parsers would lose microseconds of timestamps and digits of
 * JSON numbers. Only `config`, `methods` and `devices` are parsed as JSON.
 */
const at = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const times = (alias: string): string =>
  `${at(`${alias}.created_at`)} AS "createdAt", ${at(`${alias}.updated_at`)} AS "updatedAt"`;

export const COLUMNS = `
  SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c
  WHERE c.table_name = ANY($1) AND c.table_schema = ANY(current_schemas(false))`;

export const NETWORKS = `
  SELECT n.id, (SELECT count(*) FROM identities i WHERE i.nid = n.id)::integer AS identities
  FROM networks n ORDER BY n.id`;

export const SCHEMAS = `
  SELECT schema_id AS id, count(*)::integer AS identities FROM identities WHERE nid = $1 GROUP BY 1 ORDER BY 1`;

/** Live sessions as Kratos defines them: active, unexpired, of an active identity. `now()` is the time of the snapshot. */
const LIVE = `s.active AND s.expires_at > (now() AT TIME ZONE 'UTC')`;

export const COUNTS = `
  SELECT
    (SELECT count(*) FROM identities WHERE nid = $1)::integer AS identities,
    (SELECT count(*) FROM identity_credentials WHERE nid = $1)::integer AS credentials,
    (SELECT count(*) FROM identity_credential_identifiers WHERE nid = $1)::integer AS identifiers,
    (SELECT count(*) FROM identity_recovery_addresses WHERE nid = $1)::integer AS "recoveryAddresses",
    (SELECT count(*) FROM identity_verifiable_addresses WHERE nid = $1)::integer AS "verifiableAddresses",
    (SELECT count(*) FROM sessions s JOIN identities i ON i.id = s.identity_id AND i.nid = s.nid
      WHERE s.nid = $1 AND i.state = 'active' AND ${LIVE})::integer AS sessions`;

/** Keyset paging by id, so that later pages aren't slower. */
export const identitiesQuery = ({ optional }: KratosShape): string => `
  SELECT i.id, i.schema_id AS "schemaId", i.state, ${at('i.state_changed_at')} AS "stateChangedAt", i.traits::text AS traits,
    i.metadata_public::text AS "metadataPublic", i.metadata_admin::text AS "metadataAdmin",
    ${optional.has('external_id') ? 'i.external_id' : 'NULL'} AS "externalId",
    ${optional.has('available_aal') ? 'i.available_aal' : 'NULL'} AS "availableAal",
    ${optional.has('organization_id') ? 'i.organization_id IS NOT NULL' : 'false'} AS organization, ${times('i')}
  FROM identities i WHERE i.nid = $1 AND i.id > $2 ORDER BY i.id LIMIT $3`;

/** Joins identifiers through their credential: older versions don't store their identity. */
export const CREDENTIALS = `
  SELECT c.id, c.identity_id AS "identityId", t.name AS type, c.config, c.version, ${times('c')},
    ARRAY(SELECT x.identifier FROM identity_credential_identifiers x
      WHERE x.identity_credential_id = c.id AND x.nid = c.nid ORDER BY x.created_at, x.id) AS identifiers
  FROM identity_credentials c JOIN identity_credential_types t ON t.id = c.identity_credential_type_id
  WHERE c.nid = $1 AND c.identity_id = ANY($2) ORDER BY c.identity_id, c.created_at, c.id`;

const address = (table: string, more = ''): string => `
  SELECT a.id, a.identity_id AS "identityId", a.via, a.value${more}, ${times('a')}
  FROM ${table} a WHERE a.nid = $1 AND a.identity_id = ANY($2) ORDER BY a.identity_id, a.created_at, a.id`;
export const RECOVERY_ADDRESSES = address('identity_recovery_addresses');
export const VERIFIABLE_ADDRESSES = address(
  'identity_verifiable_addresses',
  `, a.verified, a.status, ${at('a.verified_at')} AS "verifiedAt"`,
);

export const SESSIONS = `
  SELECT s.id, s.identity_id AS "identityId", s.token, s.aal, s.authentication_methods AS methods,
    ${at('s.issued_at')} AS "issuedAt", ${at('s.authenticated_at')} AS "authenticatedAt",
    ${at('s.expires_at')} AS "expiresAt",
    (SELECT coalesce(json_agg(json_build_object('id', d.id, 'ipAddress', d.ip_address, 'userAgent', d.user_agent,
        'location', d.location, 'createdAt', ${at('d.created_at')}) ORDER BY d.created_at, d.id), '[]')
      FROM session_devices d WHERE d.session_id = s.id AND d.nid = s.nid) AS devices
  FROM sessions s JOIN identities i ON i.id = s.identity_id AND i.nid = s.nid
  WHERE s.nid = $1 AND s.identity_id = ANY($2) AND i.state = 'active' AND ${LIVE} ORDER BY s.identity_id, s.id`;

/** All identifiers and addresses as one table. */
const SPELLINGS = `(
  SELECT c.identity_id, 'identifier' AS kind, t.name AS space, x.identifier AS value, x.nid
  FROM identity_credential_identifiers x
  JOIN identity_credentials c ON c.id = x.identity_credential_id
  JOIN identity_credential_types t ON t.id = c.identity_credential_type_id
  WHERE t.name = ANY($2) AND x.nid = $1
  UNION ALL SELECT identity_id, 'recovery', via, value, nid FROM identity_recovery_addresses WHERE nid = $1
  UNION ALL SELECT identity_id, 'verifiable', via, value, nid FROM identity_verifiable_addresses WHERE nid = $1) AS x`;
const SPELLING_COLUMNS = `x.identity_id AS "identityId", x.kind, x.space, x.value, ${at('i.created_at')} AS "createdAt"`;

/** Values that may change in normalization: all but printable ASCII without capitals, plus grouped telephone numbers. */
export const ODD_SPELLINGS = `
  SELECT ${SPELLING_COLUMNS} FROM ${SPELLINGS} JOIN identities i ON i.id = x.identity_id AND i.nid = x.nid
  WHERE x.value COLLATE "C" ~ '[^!-@\\[-~]|^[+][0-9]+[^0-9]'`;

/** All owners of exactly these values. $3: kinds, $4: spaces, $5: values. */
export const SAME_SPELLINGS = `
  SELECT DISTINCT ${SPELLING_COLUMNS} FROM ${SPELLINGS} JOIN identities i ON i.id = x.identity_id AND i.nid = x.nid
  JOIN unnest($3::text[], $4::text[], $5::text[]) AS k(kind, space, value)
    ON k.kind = x.kind AND k.space = x.space AND k.value = x.value`;
