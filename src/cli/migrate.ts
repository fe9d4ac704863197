import { migrate, pendingMigrations } from '../database/index.js';
import type { Io } from './io.js';
import { openDatabase, requireDatabase } from './open-database.js';
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
      const pending = await pendingMigrations(database.directUrl);
      print('pending', pending, options.format, io);
      return pending.length === 0 ? 0 : 1;
    }
    print('ran', await migrate(database.directUrl), options.format, io);
    return 0;
  } catch (error) {
    throw explainDatabase(error);
  } finally {
    await database.close();
  }
}

function print(what: 'pending' | 'ran', names: string[], format: Format, io: Io): void {
  if (format === 'json') return io.out(JSON.stringify({ [what]: names }));
  for (const name of names) io.out(`${what}: ${name}`);
  if (names.length === 0) io.out(what === 'ran' ? 'Nothing was pending.' : 'Nothing is pending.');
}
