import { Section } from './keys.js';
import { ClientsConfig, FeatureFlagsConfig } from './sections/clients.config.js';
import { CourierConfig } from './sections/courier.config.js';
import { HashersConfig } from './sections/hashers.config.js';
import { IdentityConfig } from './sections/identity.config.js';
import { LogConfig } from './sections/log.config.js';
import { RegainConfig } from './sections/regain.config.js';
import { RootConfig } from './sections/root.config.js';
import { CiphersConfig, SecretsConfig } from './sections/secrets.config.js';
import { SelfServiceConfig } from './sections/selfservice.config.js';
import { ServeConfig } from './sections/serve.config.js';
import { CookiesConfig, SessionConfig } from './sections/session.config.js';

/** A complete kratos.yml. To add a section, change this file, sections/ and configuration.ts. */
export class FileShape extends RootConfig {
  @Section(() => ServeConfig) readonly serve: ServeConfig = new ServeConfig();
  @Section(() => LogConfig) readonly log: LogConfig = new LogConfig();
  @Section(() => SecretsConfig) readonly secrets: SecretsConfig = new SecretsConfig();
  @Section(() => CiphersConfig) readonly ciphers: CiphersConfig = new CiphersConfig();
  @Section(() => HashersConfig) readonly hashers: HashersConfig = new HashersConfig();
  @Section(() => IdentityConfig) readonly identity: IdentityConfig = new IdentityConfig();
  @Section(() => SessionConfig) readonly session: SessionConfig = new SessionConfig();
  @Section(() => CookiesConfig) readonly cookies: CookiesConfig = new CookiesConfig();
  @Section(() => SelfServiceConfig) readonly selfservice: SelfServiceConfig = new SelfServiceConfig();
  @Section(() => CourierConfig) readonly courier: CourierConfig = new CourierConfig();
  @Section(() => FeatureFlagsConfig) readonly feature_flags: FeatureFlagsConfig = new FeatureFlagsConfig();
  @Section(() => ClientsConfig) readonly clients: ClientsConfig = new ClientsConfig();
  @Section(() => RegainConfig) readonly regain: RegainConfig = new RegainConfig();
}
