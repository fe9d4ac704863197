import type { INestApplicationContext } from '@nestjs/common';
import { createContext } from '../main.js';
import type { Configuration } from '../config/index.js';
import { CurrentRequest } from '../platform/http/index.js';
import type { Io } from './io.js';
import { noteBypass } from './note-bypass.js';
import { createLogger } from './logger.js';
import { operator } from './operator.js';
import { type CommonOptions, readConfiguration, readyDatabase } from './prepare.js';

/**
 * Runs a command with the application's services on the configured database, as the operating-system user. Stops everything afterwards.
 *
 * @param check throws to refuse, before anything starts
 */
export async function withServices(
  options: CommonOptions & { reason?: string },
  io: Io,
  command: (services: INestApplicationContext, configuration: Configuration) => Promise<number>,
  check?: (configuration: Configuration) => void,
): Promise<number> {
  const configuration = await readConfiguration(options, check);
  const database = await readyDatabase(configuration, 'command', (line) => io.err(line));
  try {
    const logger = createLogger({ level: 'error', format: configuration.log.format });
    const services = await createContext({ configuration, databaseUrl: database.url, logger });
    try {
      return await services.get(CurrentRequest).run(operator(options.reason), async () => {
        if (options.extensions === false) await noteBypass(services);
        return command(services, configuration);
      });
    } finally {
      await services.close();
    }
  } finally {
    await database.close();
  }
}
