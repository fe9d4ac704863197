import { migrate, pendingMigrations } from '../database/index.js';
import { migrateExtensions, pendingExtensionMigrations } from '../extensions/index.js';
import type { Configuration } from '../config/index.js';
import { createContext } from '../main.js';
import { CurrentRequest } from '../platform/http/index.js';
import type { Io } from './io.js';
import { createLogger } from './logger.js';
import { noteBypass } from './note-bypass.js';
import { openDatabase, requireDatabase } from './open-database.js';
import { operator } from './operator.js';
import { type CommonOptions, explainDatabase, readConfiguration } from './prepare.js';
import type { Format } from './program.options.js';

/** Runs pending migrations. With `check`, only lists them; exit code 1 if there are any. */
export async function runMigrate(
  options: CommonOptions & { check?: boolean; format: Format },
  io: Io,
): Promise<number> {
  const configuration = await readConfiguration(options);
  const database = await openDatabase(configuration, 'command', (line) => io.err(line));
  try {
    await requireDatabase(database.directUrl);
    if (options.check) {
      const pending = [
        ...(await pendingMigrations(database.directUrl)),
        ...(await pendingExtensionMigrations(database.directUrl, configuration.extensions)),
      ];
      print('pending', pending, options.format, io);
      return pending.length === 0 ? 0 : 1;
    }
    const ran = await migrate(database.directUrl);
    const more = await migrateExtensions(database.directUrl, configuration.extensions);
    if (options.extensions === false) await auditBypass(configuration, database.url);
    print('ran', [...ran, ...more], options.format, io);
    return 0;
  } catch (error) {
    throw explainDatabase(error);
  } finally {
    await database.close();
  }
}

async function auditBypass(configuration: Configuration, databaseUrl: string): Promise<void> {
  const logger = createLogger({ level: 'error', format: configuration.log.format });
  const services = await createContext({ configuration, databaseUrl, logger });
  try {
    await services.get(CurrentRequest).run(operator(), () => noteBypass(services));
  } finally {
    await services.close();
  }
}

function print(what: 'pending' | 'ran', names: string[], format: Format, io: Io): void {
  if (format === 'json') return io.out(JSON.stringify({ [what]: names }));
  for (const name of names) io.out(`${what}: ${name}`);
  if (names.length === 0) io.out(what === 'ran' ? 'Nothing was pending.' : 'Nothing is pending.');
}
