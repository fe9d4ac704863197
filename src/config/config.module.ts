import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { Configuration } from './configuration.js';
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

/** Gives every module the sections by class. Reads nothing by itself. */
@Module({})
export class ConfigModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const sections: Provider[] = SECTIONS.map(([provide, pick]) => ({ provide, useValue: pick(configuration) }));
    return {
      module: ConfigModule,
      global: true,
      providers: [...sections, Urls],
      exports: [...SECTIONS.map(([provide]) => provide), Urls],
    };
  }
}
