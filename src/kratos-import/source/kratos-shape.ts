/** The tables and columns that the import reads, as Kratos' migrations create them. */
export const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  networks: ['id'],
  identities: [
    'id',
    'nid',
    'schema_id',
    'traits',
    'state',
    'state_changed_at',
    'metadata_public',
    'metadata_admin',
    'created_at',
    'updated_at',
  ],
  identity_credential_types: ['id', 'name'],
  identity_credentials: [
    'id',
    'nid',
    'identity_id',
    'identity_credential_type_id',
    'config',
    'version',
    'created_at',
    'updated_at',
  ],
  identity_credential_identifiers: ['id', 'nid', 'identity_credential_id', 'identity_credential_type_id', 'identifier'],
  identity_recovery_addresses: ['id', 'nid', 'identity_id', 'via', 'value', 'created_at', 'updated_at'],
  identity_verifiable_addresses: [
    'id',
    'nid',
    'identity_id',
    'via',
    'value',
    'verified',
    'status',
    'verified_at',
    'created_at',
    'updated_at',
  ],
  sessions: [
    'id',
    'nid',
    'identity_id',
    'token',
    'active',
    'aal',
    'authentication_methods',
    'issued_at',
    'authenticated_at',
    'expires_at',
  ],
  session_devices: ['id', 'nid', 'session_id', 'ip_address', 'user_agent', 'location', 'created_at'],
};

/** Columns of later versions; without them there is nothing to import. */
const OPTIONAL = ['available_aal', 'organization_id', 'external_id'] as const;

export interface KratosShape {
  /** optional columns of `identities` that exist */
  readonly optional: ReadonlySet<string>;
  /** `table` or `table.column` */
  readonly missing: readonly string[];
  /** required tables that exist */
  readonly tables: readonly string[];
}

/** @param columns existing columns of the required tables */
export function shapeOf(columns: readonly { table: string; column: string }[]): KratosShape {
  const there = new Set(columns.map(({ table, column }) => `${table}.${column}`));
  const tables = Object.keys(REQUIRED).filter((table) => columns.some((each) => each.table === table));
  const missing = Object.entries(REQUIRED).flatMap(([table, required]) =>
    tables.includes(table)
      ? required.map((column) => `${table}.${column}`).filter((name) => !there.has(name))
      : [table],
  );
  return { optional: new Set(OPTIONAL.filter((column) => there.has(`identities.${column}`))), missing, tables };
}
