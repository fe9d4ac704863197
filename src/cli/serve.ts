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

/** Milliseconds for load balancers to notice that the server is not ready, and for clients to close kept connections. */
const DRAIN = 1_000;

/** Milliseconds from the signal until the process ends in any case. Below the 30 seconds that orchestrators allow. */
const HARD_END = 25_000;

export interface ServeOptions extends CommonOptions {
  /** throws if the command doesn't support this configuration */
  check?: (configuration: Configuration) => void;
  /** called once the server listens, as the operator */
  onReady?: (server: RegainServer, configuration: Configuration, io: Io) => Promise<void>;
}

/**
 * Serves until SIGINT or SIGTERM. Stops in this order: not ready, no new connections, requests in progress, jobs, pool,
 * database. Each step has its own time limit; `HARD_END` covers unforeseen cases and a start that is still waiting.
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
  const configuration = await readConfiguration(options, options.check, CERTIFICATES); // before the database starts
  const logger = createLogger(configuration.log);
  const prepare: ServerOptions['prepare'] = (get) =>
    get(CurrentRequest).run(operator(), async () => {
      const state = await get(AccessTokenService).syncEnvironmentToken(token.value, token.scopes);
      if (state === 'revoked')
        io.err('warning: the token in REGAIN_ACCESS_TOKEN was revoked and stays revoked; use a new one');
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

/** Listens from the first moment: a signal during the start stops the server as soon as it is up. */
function untilStopped(io: Io): { signal: Promise<string>; forget: () => void } {
  let tell: (signal: string) => void = () => undefined;
  const signal = new Promise<string>((resolve) => (tell = resolve));
  const stop = (name: string): void => {
    tell(name);
    endBy(HARD_END, io);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const again = (): void => undefined; // ignore further signals
  process.on('SIGINT', again);
  process.on('SIGTERM', again);
  return {
    signal,
    forget: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop).off(name, again);
    },
  };
}

/** Abandons whatever still holds the process. An embedded PostgreSQL keeps running, and the next start adopts it. */
function endBy(milliseconds: number, io: Io): void {
  setTimeout(() => {
    if (process.exitCode === undefined) io.err(`not stopped after ${milliseconds / 1000} s: abandoning the rest`);
    process.exit(process.exitCode ?? 1);
  }, milliseconds).unref();
}
