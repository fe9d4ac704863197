import { NO_SECOND_FACTOR, SECOND_FACTORS } from './second-factors.js';

/** A key that Kratos has and Regain has no section for. The first row that fits a path decides. */
export interface KratosKey {
  /** A star stands for one name. A row also covers everything below its path. */
  readonly path: string;
  /** Stops the start when the key asks for something; says what is not done, and what to do instead. */
  readonly refuse?: string;
  /** What "asks" means for this key. Absent: any value but false, null, '' and empty lists or maps. */
  readonly when?: (value: unknown) => boolean;
  /** The key is accepted and has no effect: why. Neither `refuse` nor `ignore`: accepted silently. */
  readonly ignore?: string;
}

const NO_HOOKS = 'Regain runs no hooks before a flow; remove them';
const NO_REGISTRATION = 'Regain registers nobody';
const NO_VERIFICATION = 'Regain verifies no addresses';
const NETWORK_ONLY = 'only the Ory Network has it';
const OWN_TEMPLATES = 'messages are written by Regain';
const NO_METHOD = 'Regain does not have the method';

const FLOWS = ['settings', 'login', 'recovery'];

const METHODS: KratosKey[] = [
  ...SECOND_FACTORS.map((path) => ({ path, refuse: NO_SECOND_FACTOR })),
  ...['totp', 'lookup_secret', 'webauthn'].map((method) => ({
    path: `selfservice.methods.${method}.config`,
    ignore: NO_METHOD,
  })),
  { path: 'selfservice.methods.passkey.enabled', refuse: 'Regain signs nobody in with passkeys; switch it off' },
  { path: 'selfservice.methods.passkey.config', ignore: NO_METHOD },
  { path: 'selfservice.methods.saml.enabled', refuse: 'Regain does not speak SAML; switch it off' },
  { path: 'selfservice.methods.saml.config', ignore: NO_METHOD },
  { path: 'selfservice.methods.captcha.enabled', refuse: 'Regain shows no captcha; switch it off' },
  { path: 'selfservice.methods.captcha.config', ignore: NO_METHOD },
  {
    path: 'selfservice.methods.code.passwordless_enabled',
    refuse: 'Regain uses codes for recovery only; switch it off',
  },
  {
    path: 'selfservice.methods.code.passwordless_login_fallback_enabled',
    refuse: 'Regain uses codes for recovery only; switch it off',
  },
  {
    path: 'selfservice.methods.code.config.missing_credential_fallback_enabled',
    refuse: 'Regain uses codes for recovery only; switch it off',
  },
  {
    path: 'selfservice.methods.password.config.migrate_hook.enabled',
    refuse: 'Regain asks no other system about passwords; switch it off',
  },
  { path: 'selfservice.methods.password.config.migrate_hook.config', ignore: 'the hook is off' },
  { path: 'selfservice.methods.b2b', ignore: NETWORK_ONLY },
  { path: 'selfservice.methods.oidc.config.auto_link_policy', ignore: NETWORK_ONLY },
];

const PROVIDER = 'selfservice.methods.oidc.config.providers';

const PROVIDERS: KratosKey[] = [
  { path: `${PROVIDER}.mapper_url`, ignore: 'Regain takes only the subject from a provider' },
  { path: `${PROVIDER}.update_identity_on_login`, ignore: 'Regain takes only the subject from a provider' },
  { path: `${PROVIDER}.account_linking_mode`, ignore: 'accounts are linked by their owners, in the settings' },
  { path: `${PROVIDER}.organization_id`, ignore: NETWORK_ONLY },
  { path: `${PROVIDER}.additional_id_token_audiences`, ignore: 'Regain accepts ID tokens of its own client only' },
  { path: `${PROVIDER}.fedcm_config_url`, ignore: 'Regain does not use FedCM' },
  { path: `${PROVIDER}.net_id_token_origin_header`, ignore: 'Regain does not use FedCM' },
  { path: `${PROVIDER}.claims_source`, ignore: 'Regain takes only the subject from a provider' },
];

const HOOKS: KratosKey[] = FLOWS.flatMap((flow) => [
  { path: `selfservice.flows.${flow}.before.hooks`, refuse: NO_HOOKS },
  // Of a hook that is refused, or that needs no configuration: its name says all there is to say.
  { path: `selfservice.flows.${flow}.after.hooks.config` },
  { path: `selfservice.flows.${flow}.after.*.hooks.config` },
  ...['totp', 'lookup_secret', 'webauthn', 'passkey', 'saml'].flatMap((method) =>
    ['default_browser_return_url', 'hooks'].map((key) => ({
      path: `selfservice.flows.${flow}.after.${method}.${key}`,
      ignore: NO_METHOD,
    })),
  ),
]);

const OTHER_FLOWS: KratosKey[] = [
  // Kratos registers people unless told otherwise; Regain never does, so only an explicit wish is refused.
  { path: 'selfservice.flows.registration.enabled', refuse: `${NO_REGISTRATION}; set it to false` },
  { path: 'selfservice.flows.registration.*', ignore: NO_REGISTRATION },
  { path: 'selfservice.flows.verification.enabled', refuse: `${NO_VERIFICATION}; set it to false` },
  { path: 'selfservice.flows.verification.*', ignore: NO_VERIFICATION },
  { path: 'selfservice.flows.login.style', ignore: 'identifier and password are asked for together' },
];

const COURIER: KratosKey[] = [
  { path: 'courier.templates', ignore: OWN_TEMPLATES },
  {
    path: 'courier.http.request_config.body',
    refuse: 'Regain runs no jsonnet; remove it, and the default JSON is sent',
  },
  { path: 'courier.sms.enabled', refuse: 'Regain sends no text messages; switch it off' },
  { path: 'courier.sms.*', ignore: 'Regain sends no text messages' },
  { path: 'courier.channels', refuse: 'Regain sends mail only, as delivery_strategy says; remove the channels' },
  { path: 'courier.worker', ignore: 'the courier paces itself' },
];

const LISTENERS: KratosKey[] = ['public', 'admin'].flatMap((listener) => [
  { path: `serve.${listener}.socket`, refuse: 'Regain listens on TCP only; remove it' },
  { path: `serve.${listener}.request_log`, ignore: 'health checks are logged at a lower level' },
  { path: `serve.${listener}.cors.options_passthrough`, ignore: 'preflight requests are answered by Regain' },
  { path: `serve.${listener}.cors.debug`, ignore: 'there is no extra output for CORS' },
]);

const FLAGS: KratosKey[] = [
  'cacheable_sessions',
  'cacheable_sessions_max_age',
  'legacy_continue_with_verification_ui',
  'legacy_require_verified_login_error',
  'legacy_oidc_registration_node_group',
  'password_profile_registration_node_group',
].map((flag) => ({ path: `feature_flags.${flag}`, ignore: 'Regain does not have the feature' }));

export const KRATOS_KEYS: readonly KratosKey[] = [
  ...METHODS,
  ...PROVIDERS,
  ...HOOKS,
  ...OTHER_FLOWS,
  ...COURIER,
  ...LISTENERS,
  ...FLAGS,
  { path: 'log.leak_sensitive_values', ignore: 'Regain never logs sensitive values' },
  { path: 'log.redaction_text', ignore: 'sensitive values are not logged at all' },
  { path: 'session.whoami.tokenizer', refuse: 'Regain turns no sessions into tokens; remove it' },
  { path: 'session.cookie.secure', ignore: 'cookies.secure decides' },
  { path: 'identity.schemas.selfservice_selectable', ignore: NO_REGISTRATION },
  { path: 'hashers.argon2.expected_duration', ignore: 'Regain does not measure hashes while serving' },
  { path: 'hashers.argon2.expected_deviation', ignore: 'Regain does not measure hashes while serving' },
  { path: 'hashers.argon2.dedicated_memory', ignore: 'regain.hashing bounds the memory' },
  { path: 'clients.web_hook', ignore: 'Regain calls no web hooks' },
  { path: 'oauth2_provider.url', refuse: 'Regain is no login provider for OAuth2; remove it' },
  { path: 'oauth2_provider.*', ignore: 'Regain is no login provider for OAuth2' },
  { path: 'database', ignore: 'regain.purge decides what is removed, and when' },
  { path: 'tracing', ignore: 'Regain sends no traces' },
  { path: 'profiling', ignore: 'Regain has no profiler' },
  { path: 'security', ignore: 'answers never tell whether an account exists' },
  { path: 'preview', ignore: NETWORK_ONLY },
  { path: 'organizations', ignore: NETWORK_ONLY },
  { path: 'enterprise', ignore: NETWORK_ONLY },
  { path: 'revision', ignore: NETWORK_ONLY },
  { path: 'sqa-opt-out', ignore: 'Regain sends nothing home' },
  { path: 'sqa', ignore: 'Regain sends nothing home' },
  { path: 'watch-courier', ignore: 'the courier runs with the server' },
  { path: 'expose-metrics-port', ignore: 'Regain has no metrics' },
  { path: 'config', ignore: 'files are named on the command line' },
  { path: 'help', ignore: 'it belongs on the command line' },
];
