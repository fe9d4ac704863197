import { AccessTokenService } from '../access/index.js';
import { type Configuration, processEnvironment } from '../config/index.js';
import { CurrentRequest } from '../platform/http/index.js';
import { type RegainServer, type ServerOptions, startServer } from '../main.js';
import { CERTIFICATES } from './checks.js';
import { environmentToken } from './environment-token.js';
import { explainListening } from './explain.js';
import { firstToken } from './first-token.js';
import type { Io } from './io.js';
import { createLogger } from './logger.js';
import { operator } from './operator.js';
import { type CommonOptions, readConfiguration, readyDatabase } from './prepare.js';
import { startLines } from './start-lines.js';

/** Milliseconds in which load balancers may see that it is not ready any more, and kept connections are told. */
const DRAIN = 1_000;

/** Milliseconds from the signal until the process ends in any case: below the 30 seconds that it is given. */
const HARD_END = 25_000;

export interface ServeOptions extends CommonOptions {
  /** refuses a configuration that the command is not for; throws */
  check?: (configuration: Configuration) => void;
  /** once it listens, as the operator */
  onReady?: (server: RegainServer, configuration: Configuration, io: Io) => Promise<void>;
}

/**
 * Serves until SIGINT or SIGTERM. Order of stopping: not ready, no new connections, what is under way, jobs, pool, database.
 * Each step has a limit of its own; `HARD_END` is for what nobody thought of, and for a start that waits for somebody else.
 */
export async function serve(options: ServeOptions, io: Io): Promise<number> {
  const stopped = untilStopped(io);
  try {
    return await serveUntil(stopped.signal, options, io);
  } finally {
    stopped.forget();
  }
}

async function serveUntil(signal: Promise<string>, options: ServeOptions, io: Io): Promise<number> {
  const token = environmentToken(processEnvironment());
  const configuration = await readConfiguration(options, options.check, CERTIFICATES); // before the database is up
  const logger = createLogger(configuration.log);
  const prepare: ServerOptions['prepare'] = (get) =>
    get(CurrentRequest).run(operator(), async () => {
      const state = await get(AccessTokenService).syncEnvironmentToken(token.value, token.scopes);
      if (state === 'revoked')
        io.err('warning: the token in REGAIN_ACCESS_TOKEN was revoked and stays so; give another one');
    });
  const database = await readyDatabase(configuration, 'owner', (line) => io.err(line));
  try {
    const server = await listen({ configuration, databaseUrl: database.url, logger, drain: DRAIN, prepare });
    try {
      await server.get(CurrentRequest).run(operator(), async () => {
        for (const line of startLines(configuration, server.ports)) io.out(line);
        await (options.onReady ?? firstToken)(server, configuration, io);
      });
      io.err(`${await signal}: stopping`);
    } finally {
      await server.close();
    }
  } finally {
    await database.close();
  }
  return 0;
}

async function listen(options: ServerOptions): Promise<RegainServer> {
  try {
    return await startServer(options);
  } catch (error) {
    throw explainListening(error, options.configuration);
  }
}

/** Counted from the first moment: a signal during the start stops it as soon as it is up. */
function untilStopped(io: Io): { signal: Promise<string>; forget: () => void } {
  let tell: (signal: string) => void = () => undefined;
  const signal = new Promise<string>((resolve) => (tell = resolve));
  const stop = (name: string): void => {
    tell(name);
    endBy(HARD_END, io);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const again = (): void => undefined; // a second signal changes nothing
  process.on('SIGINT', again);
  process.on('SIGTERM', again);
  return {
    signal,
    forget: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop).off(name, again);
    },
  };
}

/** What still holds the process then is abandoned: an embedded PostgreSQL goes on, and the next start adopts it. */
function endBy(milliseconds: number, io: Io): void {
  setTimeout(() => {
    if (process.exitCode === undefined) io.err(`not stopped after ${milliseconds / 1000} s: what is left is abandoned`);
    process.exit(process.exitCode ?? 1);
  }, milliseconds).unref();
}
