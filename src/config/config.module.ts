import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { ConfigModule as NestConfigModule, ConfigService } from '@nestjs/config';
import { Configuration } from './configuration.js';
import { namespacesOf } from './namespaces.js';
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
import { Urls } from './urls.js';

/** The class to inject for each section. */
const SECTIONS: readonly (readonly [Type, (configuration: Configuration) => object])[] = [
  [Configuration, (configuration) => configuration],
  [RootConfig, ({ root }) => root],
  [ServeConfig, ({ serve }) => serve],
  [LogConfig, ({ log }) => log],
  [SecretsConfig, ({ secrets }) => secrets],
  [CiphersConfig, ({ ciphers }) => ciphers],
  [HashersConfig, ({ hashers }) => hashers],
  [IdentityConfig, ({ identity }) => identity],
  [SessionConfig, ({ session }) => session],
  [CookiesConfig, ({ cookies }) => cookies],
  [SelfServiceConfig, ({ selfservice }) => selfservice],
  [CourierConfig, ({ courier }) => courier],
  [FeatureFlagsConfig, ({ feature_flags }) => feature_flags],
  [ClientsConfig, ({ clients }) => clients],
  [RegainConfig, ({ regain }) => regain],
];

/** Disables `ConfigService.set`: it would write to the environment and change a configuration that has been checked. */
const READ_ONLY: Provider = {
  provide: 'READ_ONLY_CONFIG_SERVICE',
  inject: [ConfigService],
  useFactory: (service: ConfigService) => Object.defineProperty(service, 'set', { value: refuseToSet }),
};

function refuseToSet(): never {
  throw new Error('the configuration is read-only: its values come from kratos.yml and the environment, at the start');
}

/**
 * Provides the checked configuration to every module: sections by class and, without their secrets, as namespaces of
 * `@nestjs/config`. Reads no file or variable itself.
 */
@Module({})
export class ConfigModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const sections: Provider[] = SECTIONS.map(([provide, pick]) => ({ provide, useValue: pick(configuration) }));
    const nest = NestConfigModule.forRoot({
      isGlobal: true,
      ignoreEnvFile: true,
      ignoreEnvVars: true,
      skipProcessEnv: true,
      load: namespacesOf(configuration),
    });
    return {
      module: ConfigModule,
      global: true,
      imports: [nest],
      providers: [...sections, Urls, READ_ONLY],
      exports: [...SECTIONS.map(([provide]) => provide), Urls],
    };
  }
}
