/**
 * The third door of identity, for hot/ files of other modules only: an identity as one SQL expression.
 */

/**
 * An expression that builds the JSON of the identity row `alias`, addresses included; `identityFromJson` reads it back.
 * Reads recovery_address and verifiable_address by their index on identity_id.
 */
export function identityJson(alias: string): string {
  return `json_build_object(
    'id', ${alias}.id, 'schema_id', ${alias}.schema_id, 'state', ${alias}.state,
    'state_changed_at', ${alias}.state_changed_at, 'traits', ${alias}.traits,
    'metadata_public', ${alias}.metadata_public, 'metadata_admin', ${alias}.metadata_admin,
    'external_id', ${alias}.external_id, 'available_aal', ${alias}.available_aal,
    'created_at', ${alias}.created_at, 'updated_at', ${alias}.updated_at,
    'recovery_addresses', COALESCE((
      SELECT json_agg(json_build_object('id', a.id, 'value', a.value, 'via', a.via,
        'created_at', a.created_at, 'updated_at', a.updated_at) ORDER BY a.created_at, a.id)
      FROM recovery_address a WHERE a.identity_id = ${alias}.id), '[]'),
    'verifiable_addresses', COALESCE((
      SELECT json_agg(json_build_object('id', a.id, 'value', a.value, 'via', a.via, 'verified', a.verified,
        'status', a.status, 'verified_at', a.verified_at,
        'created_at', a.created_at, 'updated_at', a.updated_at) ORDER BY a.created_at, a.id)
      FROM verifiable_address a WHERE a.identity_id = ${alias}.id), '[]'))`;
}
