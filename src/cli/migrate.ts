import { migrate, pendingMigrations } from '../database/index.js';
import type { Io } from './io.js';
import { openDatabase } from './open-database.js';
import { type CommonOptions, explainDatabase, readConfiguration } from './prepare.js';

/** Runs what is pending; with `check`, only says so: exit code 1 while something is. */
export async function runMigrate(options: CommonOptions & { check?: boolean }, io: Io): Promise<number> {
  const configuration = await readConfiguration(options);
  const database = await openDatabase(configuration, 'command', (line) => io.err(line));
  try {
    if (options.check) {
      const pending = await pendingMigrations(database.directUrl);
      for (const name of pending) io.out(`pending: ${name}`);
      if (pending.length === 0) io.out('Nothing is pending.');
      return pending.length === 0 ? 0 : 1;
    }
    const ran = await migrate(database.directUrl);
    for (const name of ran) io.out(`migrated: ${name}`);
    if (ran.length === 0) io.out('Nothing was pending.');
    return 0;
  } catch (error) {
    throw explainDatabase(error);
  } finally {
    await database.close();
  }
}
