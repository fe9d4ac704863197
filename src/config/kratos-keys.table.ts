import { NO_SECOND_FACTOR, SECOND_FACTORS } from './second-factors.js';

/** A key of Kratos that Regain has no section for. The first matching row decides. */
export interface KratosKey {
  /** A star matches one name. A row also covers everything below its path. */
  readonly path: string;
  /** If set, an enabled key stops the start: what Regain doesn't support, and what to do instead. */
  readonly refuse?: string;
  /** Whether the value enables the key. Default: anything but false, null, '' and empty lists or maps. */
  readonly when?: (value: unknown) => boolean;
  /** If set, the key is accepted without effect: the reason. With neither `refuse` nor `ignore`, it is accepted silently. */
  readonly ignore?: string;
}

const NO_HOOKS = 'Regain does not run hooks before a flow; remove them';
const NO_REGISTRATION = 'Regain does not support registration';
const NO_VERIFICATION = 'Regain does not verify addresses';
const NETWORK_ONLY = 'it exists only in the Ory Network';
const OWN_TEMPLATES = 'Regain has its own templates';
const NO_METHOD = 'Regain does not support this method';

const FLOWS = ['settings', 'login', 'recovery'];

const METHODS: KratosKey[] = [
  ...SECOND_FACTORS.map((path) => ({ path, refuse: NO_SECOND_FACTOR })),
  ...['totp', 'lookup_secret', 'webauthn'].map((method) => ({
    path: `selfservice.methods.${method}.config`,
    ignore: NO_METHOD,
  })),
  { path: 'selfservice.methods.passkey.enabled', refuse: 'Regain does not support passkeys; turn it off' },
  { path: 'selfservice.methods.passkey.config', ignore: NO_METHOD },
  { path: 'selfservice.methods.saml.enabled', refuse: 'Regain does not support SAML; turn it off' },
  { path: 'selfservice.methods.saml.config', ignore: NO_METHOD },
  { path: 'selfservice.methods.captcha.enabled', refuse: 'Regain does not support captchas; turn it off' },
  { path: 'selfservice.methods.captcha.config', ignore: NO_METHOD },
  {
    path: 'selfservice.methods.code.passwordless_enabled',
    refuse: 'Regain uses codes for recovery only; turn it off',
  },
  {
    path: 'selfservice.methods.code.passwordless_login_fallback_enabled',
    refuse: 'Regain uses codes for recovery only; turn it off',
  },
  {
    path: 'selfservice.methods.code.config.missing_credential_fallback_enabled',
    refuse: 'Regain uses codes for recovery only; turn it off',
  },
  {
    path: 'selfservice.methods.password.config.migrate_hook.enabled',
    refuse: 'Regain does not call password migration hooks; turn it off',
  },
  { path: 'selfservice.methods.password.config.migrate_hook.config', ignore: 'the hook is off' },
  { path: 'selfservice.methods.b2b', ignore: NETWORK_ONLY },
  { path: 'selfservice.methods.oidc.config.auto_link_policy', ignore: NETWORK_ONLY },
];

const PROVIDER = 'selfservice.methods.oidc.config.providers';

const PROVIDERS: KratosKey[] = [
  { path: `${PROVIDER}.mapper_url`, ignore: 'Regain takes only the subject from a provider' },
  { path: `${PROVIDER}.update_identity_on_login`, ignore: 'Regain takes only the subject from a provider' },
  { path: `${PROVIDER}.account_linking_mode`, ignore: 'people link their accounts themselves, in the settings' },
  { path: `${PROVIDER}.organization_id`, ignore: NETWORK_ONLY },
  { path: `${PROVIDER}.additional_id_token_audiences`, ignore: 'Regain accepts ID tokens of its own client only' },
  { path: `${PROVIDER}.fedcm_config_url`, ignore: 'Regain does not use FedCM' },
  { path: `${PROVIDER}.net_id_token_origin_header`, ignore: 'Regain does not use FedCM' },
  { path: `${PROVIDER}.claims_source`, ignore: 'Regain takes only the subject from a provider' },
];

const HOOKS: KratosKey[] = FLOWS.flatMap((flow) => [
  { path: `selfservice.flows.${flow}.before.hooks`, refuse: NO_HOOKS },
  // The configuration of a hook needs no message: the hook itself is reported, or needs no configuration.
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
  // Registration is on by default in Kratos, so only an explicit `true` is refused.
  { path: 'selfservice.flows.registration.enabled', refuse: `${NO_REGISTRATION}; set it to false` },
  { path: 'selfservice.flows.registration.*', ignore: NO_REGISTRATION },
  { path: 'selfservice.flows.verification.enabled', refuse: `${NO_VERIFICATION}; set it to false` },
  { path: 'selfservice.flows.verification.*', ignore: NO_VERIFICATION },
  { path: 'selfservice.flows.login.style', ignore: 'Regain asks for identifier and password together' },
];

const COURIER: KratosKey[] = [
  { path: 'courier.templates', ignore: OWN_TEMPLATES },
  {
    path: 'courier.http.request_config.body',
    refuse: 'Regain does not run jsonnet; remove it to send the default JSON',
  },
  { path: 'courier.sms.enabled', refuse: 'Regain does not send text messages; turn it off' },
  { path: 'courier.sms.*', ignore: 'Regain does not send text messages' },
  { path: 'courier.channels', refuse: 'Regain only sends mail, with delivery_strategy; remove the channels' },
  { path: 'courier.worker', ignore: 'the courier sets its own pace' },
];

const LISTENERS: KratosKey[] = ['public', 'admin'].flatMap((listener) => [
  { path: `serve.${listener}.socket`, refuse: 'Regain listens on TCP only; remove it' },
  { path: `serve.${listener}.request_log`, ignore: 'health checks are logged at a lower level' },
  { path: `serve.${listener}.cors.options_passthrough`, ignore: 'Regain answers preflight requests itself' },
  { path: `serve.${listener}.cors.debug`, ignore: 'there is no debug output for CORS' },
]);

const FLAGS: KratosKey[] = [
  'cacheable_sessions',
  'cacheable_sessions_max_age',
  'legacy_continue_with_verification_ui',
  'legacy_require_verified_login_error',
  'legacy_oidc_registration_node_group',
  'password_profile_registration_node_group',
].map((flag) => ({ path: `feature_flags.${flag}`, ignore: 'Regain does not support this feature' }));

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
  { path: 'session.whoami.tokenizer', refuse: 'Regain does not issue JSON Web Tokens for sessions; remove it' },
  { path: 'session.cookie.secure', ignore: 'set cookies.secure instead' },
  { path: 'identity.schemas.selfservice_selectable', ignore: NO_REGISTRATION },
  { path: 'hashers.argon2.expected_duration', ignore: 'Regain does not calibrate hashes while serving' },
  { path: 'hashers.argon2.expected_deviation', ignore: 'Regain does not calibrate hashes while serving' },
  { path: 'hashers.argon2.dedicated_memory', ignore: 'set regain.hashing instead' },
  { path: 'clients.web_hook', ignore: 'Regain does not call webhooks' },
  { path: 'oauth2_provider.url', refuse: 'Regain is not an OAuth2 login provider; remove it' },
  { path: 'oauth2_provider.*', ignore: 'Regain is not an OAuth2 login provider' },
  { path: 'database', ignore: 'set regain.purge instead' },
  { path: 'tracing', ignore: 'Regain does not send traces' },
  { path: 'profiling', ignore: 'Regain has no profiler' },
  { path: 'security', ignore: 'answers never reveal whether an account exists' },
  { path: 'preview', ignore: NETWORK_ONLY },
  { path: 'organizations', ignore: NETWORK_ONLY },
  { path: 'enterprise', ignore: NETWORK_ONLY },
  { path: 'revision', ignore: NETWORK_ONLY },
  { path: 'sqa-opt-out', ignore: 'Regain sends no telemetry' },
  { path: 'sqa', ignore: 'Regain sends no telemetry' },
  { path: 'watch-courier', ignore: 'the courier always runs with the server' },
  { path: 'expose-metrics-port', ignore: 'Regain has no metrics' },
  { path: 'config', ignore: 'configuration files are named on the command line' },
  { path: 'help', ignore: 'it is a command-line option' },
];
