/**
 * Whose each table is. SQL outside of that module does not name the table: it asks the module's `sql.ts` for a part.
 * What came through that door has its name in quotes, as what the ORM makes of an entity.
 * A table that is not named here may not exist (boundaries.spec.ts).
 * @type {Readonly<Record<string, string>>}
 */
export const OWNER = {
  access_token: 'access',
  audit_event: 'audit',
  courier_message: 'courier',
  courier_dispatch: 'courier',
  notice_count: 'courier',
  identity: 'identity',
  identity_credential: 'identity',
  credential_identifier: 'identity',
  recovery_address: 'identity',
  verifiable_address: 'identity',
  address_history: 'identity',
  address_change: 'identity',
  session: 'session',
  session_device: 'session',
  settings_flow: 'self-service',
  settings_continuation: 'self-service',
  change_in_flight: 'self-service',
  login_flow: 'self-service',
  known_network: 'self-service',
  flow_error: 'self-service',
  social_sign_in_state: 'self-service',
  recovery_flow: 'recovery',
  recovery_grant: 'recovery',
  recovery_idempotency_key: 'recovery',
  code_guess: 'recovery',
  kratos_import: 'kratos-import',
  daily_task: 'platform',
  rate_limit: 'platform',
};

/**
 * A lower module cannot ask a higher one, so what it must know of a higher one's rows is named here, with the reason.
 * @type {readonly { file: string, table: string, why: string }[]}
 */
export const LOOKS_UP = [
  {
    file: 'src/identity/sql.ts',
    table: 'recovery_grant',
    why: 'An identity is stranded while it is contained and no grant works for it: lists and answers of identities say so.',
  },
];
