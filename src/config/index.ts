/**
 * Config: what kratos.yml and the environment say, checked once, before anything else starts.
 *
 * Owns: the keys, their defaults and rules; the environment overrides; secrets that are made on a first start;
 *   reading identity schema documents; addresses built from the configured base URLs.
 * Does not own: what a schema means, keys derived from secrets, connections, listeners.
 * May call: platform.
 */
export { ConfigModule } from './config.module.js';
export { ConfigurationError, ignoreHint, shown, type Problem } from './config.errors.js';
export { Configuration } from './configuration.js';
export { type ConfigurationCheck, loadConfiguration, type ConfigurationInput } from './loader.js';
export { type Environment } from './environment.js';
export { processEnvironment } from './process-environment.js';
export { type SchemaDocument } from './schema-documents.js';
export { ensureSecrets } from './ensure-secrets.js';
export { type KeyPairs, readKeyPairs } from './key-pairs.js';
export { Urls, type UiPage } from './urls.js';
export { ClientsConfig, FeatureFlagsConfig, HttpClientConfig } from './sections/clients.config.js';
export { CourierConfig, type RequestConfig, SmtpConfig } from './sections/courier.config.js';
export { type SmtpServer } from './sections/smtp-uri.js';
export { AfterConfig, ReturnConfig } from './sections/flows.config.js';
export { endsOtherSessions } from './sections/hooks.config.js';
export { Argon2Config, BcryptConfig, HashersConfig } from './sections/hashers.config.js';
export { IdentityConfig, SchemaSource } from './sections/identity.config.js';
export { LogConfig } from './sections/log.config.js';
export { MethodsConfig, PasswordPolicy } from './sections/methods.config.js';
export { OidcProvider, SOCIAL_PROVIDERS } from './sections/oidc.config.js';
export { ratesOf } from './sections/rate-limits.config.js';
export { RegainConfig } from './sections/regain.config.js';
export { RootConfig } from './sections/root.config.js';
export { CiphersConfig, SecretsConfig } from './sections/secrets.config.js';
export { SelfServiceConfig } from './sections/selfservice.config.js';
export { AdminListenerConfig, CorsConfig, ListenerConfig, ServeConfig, TlsConfig } from './sections/serve.config.js';
export { CookiesConfig, SessionConfig, SessionCookieConfig, type SameSite } from './sections/session.config.js';
