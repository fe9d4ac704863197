import type { LoadedExtension } from '../platform/extension/index.js';
import type { FileShape } from './file-shape.js';
import type { SchemaDocument } from './schema-documents.js';
import type { ClientsConfig, FeatureFlagsConfig } from './sections/clients.config.js';
import type { CourierConfig } from './sections/courier.config.js';
import type { HashersConfig } from './sections/hashers.config.js';
import type { IdentityConfig } from './sections/identity.config.js';
import type { LogConfig } from './sections/log.config.js';
import type { RegainConfig } from './sections/regain.config.js';
import { RootConfig } from './sections/root.config.js';
import type { CiphersConfig, SecretsConfig } from './sections/secrets.config.js';
import type { SelfServiceConfig } from './sections/selfservice.config.js';
import type { ServeConfig } from './sections/serve.config.js';
import type { CookiesConfig, SessionConfig } from './sections/session.config.js';

/** What loading produced besides the values. */
interface Findings {
  readonly warnings: readonly string[];
  readonly environment_keys: readonly string[];
  readonly deviations: readonly string[];
  readonly schemas: readonly SchemaDocument[];
  readonly extensions: readonly LoadedExtension[];
}

/** The complete configuration, deeply frozen. */
export class Configuration {
  readonly root: RootConfig;
  readonly serve: ServeConfig;
  readonly log: LogConfig;
  readonly secrets: SecretsConfig;
  readonly ciphers: CiphersConfig;
  readonly hashers: HashersConfig;
  readonly identity: IdentityConfig;
  readonly session: SessionConfig;
  readonly cookies: CookiesConfig;
  readonly selfservice: SelfServiceConfig;
  readonly courier: CourierConfig;
  readonly feature_flags: FeatureFlagsConfig;
  readonly clients: ClientsConfig;
  readonly regain: RegainConfig;

  /** One line for each key that has no effect or is questionable. */
  readonly warnings: readonly string[];
  /** One line for each safe default that is set to Kratos' value. */
  readonly deviations: readonly string[];
  /** Paths of the keys that were set from the environment. */
  readonly environment_keys: readonly string[];
  readonly schemas: readonly SchemaDocument[];
  /** Other people's modules, in the order in which they are listed. */
  readonly extensions: readonly LoadedExtension[];

  constructor(file: FileShape, findings: Findings) {
    this.root = Object.assign(new RootConfig(), { dsn: file.dsn, dev: file.dev, version: file.version });
    this.serve = file.serve;
    this.log = file.log;
    this.secrets = file.secrets;
    this.ciphers = file.ciphers;
    this.hashers = file.hashers;
    this.identity = file.identity;
    this.session = file.session;
    this.cookies = file.cookies;
    this.selfservice = file.selfservice;
    this.courier = file.courier;
    this.feature_flags = file.feature_flags;
    this.clients = file.clients;
    this.regain = file.regain;
    this.warnings = findings.warnings;
    this.deviations = findings.deviations;
    this.environment_keys = findings.environment_keys;
    this.schemas = findings.schemas;
    this.extensions = findings.extensions;
    deepFreeze(this);
  }

  /** The same configuration with other secrets. */
  withSecrets(secrets: SecretsConfig): Configuration {
    return new Configuration({ ...this, ...this.root, secrets }, this);
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) deepFreeze(each);
}
