import { resolve } from 'node:path';
import {
  type Configuration,
  type ConfigurationCheck,
  ensureSecrets,
  loadConfiguration,
  processEnvironment,
} from '../config/index.js';
import { migrate } from '../database/index.js';
import { extensionModules, migrateExtensions } from '../extensions/index.js';
import { BadRequest, Unavailable } from '../platform/errors/index.js';
import { isUnavailable, troubleOf, tryRuntimeConnection } from '../platform/database/index.js';
import { CONTENT } from './checks.js';
import { type OpenDatabase, openDatabase, requireDatabase } from './open-database.js';

export interface CommonOptions {
  /** default: config/kratos.yml in the working directory */
  config?: string[];
  dev?: boolean;
  /** modules in addition to those in the configuration */
  extension?: string[];
  /** false: load none */
  extensions?: boolean;
}

const SHIPPED = 'config/kratos.yml';

/**
 * @param check throws if the command doesn't support this configuration; runs before anything is created
 * @param checks further checks, in addition to schemas and mail templates
 */
export async function readConfiguration(
  { config, dev, extension = [], extensions = true }: CommonOptions,
  check?: (configuration: Configuration) => void,
  checks: readonly ConfigurationCheck[] = [],
): Promise<Configuration> {
  const files = config && config.length > 0 ? config : [SHIPPED];
  const configuration = await loadConfiguration({
    files,
    env: processEnvironment(),
    checks: [...CONTENT, ...checks],
    extensions: { loader: extensionModules, more: extension, none: !extensions },
    ...(dev ? { dev } : {}),
  });
  check?.(configuration);
  return ensureSecrets(configuration, resolve(configuration.regain.embedded.data_dir));
}

/** Opens and migrates the database. If that fails, stops what it started. */
export async function readyDatabase(
  configuration: Configuration,
  role: 'owner' | 'command',
  log: (line: string) => void,
): Promise<OpenDatabase> {
  const database = await openDatabase(configuration, role, log);
  try {
    await requireDatabase(database.directUrl);
    await migrate(database.directUrl);
    await migrateExtensions(database.directUrl, configuration.extensions);
    const { prepared, statement_timeout: timeout } = configuration.regain.database;
    const runtime = { url: database.url, prepared, statementTimeout: timeout.milliseconds };
    for (const warning of await tryRuntimeConnection(runtime)) log(warning);
    return database;
  } catch (error) {
    await database.close();
    throw explainDatabase(error);
  }
}

/** Explains a database error without the DSN, which contains a password. */
export function explainDatabase(error: unknown): unknown {
  if (isUnavailable(error)) {
    const cause = troubleOf(error) ?? 'no reason given';
    return new Unavailable(
      `Can't reach the database in \`dsn\`: ${cause}. Is it running? Are host, port and name correct?`,
    );
  }
  const code = sqlstate(error);
  if (code === '28P01' || code === '28000')
    return new BadRequest('The database in `dsn` rejects the user name or password.');
  if (code === '3D000') return new BadRequest("The database in `dsn` doesn't exist. Create it first.");
  if (code === '42501') return new BadRequest('The user in `dsn` may not create tables in it.');
  return error;
}

function sqlstate(error: unknown): string | undefined {
  for (
    let e = error as { code?: unknown; cause?: unknown } | undefined, depth = 0;
    e && depth < 4;
    e = e.cause as typeof e, depth++
  ) {
    if (typeof e.code === 'string') return e.code;
  }
  return undefined;
}
