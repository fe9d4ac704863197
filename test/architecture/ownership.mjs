/**
 * The owner of each table. SQL of other modules doesn't name the table; it uses a fragment from the owner's `sql.ts`.
 * Fragments, like the ORM's statements, have the table's name in quotes.
 * Every table must be listed here (boundaries.spec.ts).
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
 * Exceptions: a lower module can't call a higher one, so if it needs a higher one's rows, it is listed here with the reason.
 * @type {readonly { file: string, table: string, why: string }[]}
 */
export const LOOKS_UP = [
  {
    file: 'src/identity/sql.ts',
    table: 'recovery_grant',
    why: 'An identity is stranded if it is contained and has no working grant; answers about identities show that.',
  },
];
