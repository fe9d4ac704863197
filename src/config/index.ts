/**
 * Config: reads kratos.yml and the environment and checks them once, before anything else starts.
 *
 * Owns: the keys, their defaults and rules; environment overrides; secrets created on a first start;
 *   reading identity schema documents; URLs built from the configured base URLs.
 * Does not own: the meaning of a schema, keys derived from secrets, connections, listeners.
 * May call: platform.
 */
export { ConfigModule } from './config.module.js';
export { ConfigurationError, ignoreHint, shown, type Problem } from './config.errors.js';
export { Configuration } from './configuration.js';
export { NAMESPACES } from './namespaces.js';
export { type ConfigurationCheck, type ExtensionsInput, loadConfiguration } from './loader.js';
export { type ExtensionLoader, type FoundExtension, type ListedModule } from './extension-loader.js';
export { type Environment } from './environment.js';
export { processEnvironment } from './process-environment.js';
export { type SchemaDocument } from './schema-documents.js';
export { ensureSecrets } from './ensure-secrets.js';
export { type KeyPairs, readKeyPairs } from './key-pairs.js';
export { Urls } from './urls.js';
export { ClientsConfig, FeatureFlagsConfig } from './sections/clients.config.js';
export { CourierConfig, type RequestConfig, SmtpConfig } from './sections/courier.config.js';
export { type SmtpServer } from './sections/smtp-uri.js';
export { endsOtherSessions } from './sections/hooks.config.js';
export { HashersConfig } from './sections/hashers.config.js';
export { LogConfig } from './sections/log.config.js';
export { OidcProvider, SOCIAL_PROVIDERS } from './sections/oidc.config.js';
export { ratesOf } from './sections/rate-limits.config.js';
export { RegainConfig } from './sections/regain.config.js';
export { RootConfig } from './sections/root.config.js';
export { SecretsConfig } from './sections/secrets.config.js';
export { SelfServiceConfig } from './sections/selfservice.config.js';
export { ListenerConfig, ServeConfig } from './sections/serve.config.js';
export { CookiesConfig, SessionConfig } from './sections/session.config.js';
