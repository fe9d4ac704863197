import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, rmdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Binaries, program } from './binaries.js';
import { type Cluster, dataIn } from './cluster.js';
import { launch, reasonIn, run } from './command.js';
import { makeFor } from './directory.js';
import { answersAs, type Endpoint, readPostmaster } from './endpoint.js';
import { EmbeddedDatabaseError, remedyFor } from './errors.js';
import type { ServerUser } from './run-as.js';

/** sun_path in unix(7) is 108 bytes with its terminating zero; the BSDs allow 104. */
const LONGEST_SOCKET = process.platform === 'darwin' ? 103 : 107;
const SOCKET = '.s.PGSQL.5432';
const LARGEST_LOG = 10 * 1024 * 1024;
const START_LIMIT = 60_000;

export interface Installation {
  directory: string;
  cluster: Cluster;
  binaries: Binaries;
  user: ServerUser | undefined;
  /** false: writes do not wait for the disk */
  durable: boolean;
  /** `immediate` skips the shutdown checkpoint, for a database that is deleted at exit */
  stopMode: 'fast' | 'immediate';
  /** short directories in which a socket directory may be created */
  socketPlaces: string[];
}

export interface RunningServer {
  endpoint: Endpoint;
  /** our own child; absent if the server was adopted */
  child?: ChildProcess;
  /** a directory created for the socket alone */
  socketDirectory?: string;
}

/** Starts the server and waits until it answers as the one of this cluster. */
export async function startServer(installation: Installation): Promise<RunningServer> {
  const { directory, cluster, binaries, user, durable } = installation;
  const { endpoint, socketDirectory } = await chooseEndpoint(installation);
  const logPath = join(directory, 'postgres.log');
  const log = await openLog(logPath);
  try {
    const start = (await log.stat()).size;
    const args = ['-D', dataIn(cluster.home), ...settings(endpoint, durable).flatMap((setting) => ['-c', setting])];
    const stdio: ['ignore', number, number] = ['ignore', log.fd, log.fd];
    const child = launch(program(binaries, 'postgres'), args, { user, cwd: cluster.home, stdio, detached: true });
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`it ended with ${code ?? signal}`));
    });
    child.unref();
    const failure = await untilReady(endpoint, cluster, ended);
    if (failure === undefined) return { endpoint, child, ...(socketDirectory ? { socketDirectory } : {}) };
    if (child.exitCode === null) child.kill('SIGQUIT'); // our own child, through its handle
    if (socketDirectory) await rmdir(socketDirectory).catch(() => undefined);
    const output = await textFrom(logPath, start);
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL did not start: ${output.trim() === '' ? failure : reasonIn(output)}`,
      remedyFor(output, directory),
    );
  } finally {
    await log.close();
  }
}

/** Resolves to undefined once the server answers, or to the reason why it does not. */
async function untilReady(endpoint: Endpoint, cluster: Cluster, ended: Promise<string>): Promise<string | undefined> {
  const limit = performance.now() + START_LIMIT;
  let failure: string | undefined;
  void ended.then((text) => (failure = text));
  while (failure === undefined && performance.now() < limit) {
    if (await answersAs(endpoint, cluster)) return undefined;
    await Promise.race([setTimeout(20), ended]);
  }
  return failure ?? `it did not answer within ${START_LIMIT / 1000} s`;
}

/** Ends sessions and keeps what is committed; a server whose data goes with it stops at once. */
export async function stopServer(
  { directory, cluster, binaries, user, stopMode }: Omit<Installation, 'socketPlaces' | 'durable'>,
  { endpoint, child, socketDirectory }: RunningServer,
): Promise<void> {
  const postmaster = await readPostmaster(cluster.home);
  const ours = child ? postmaster?.pid === child.pid : await answersAs(endpoint, cluster);
  // pg_ctl signals the process that postmaster.pid names, so use it only once that is proven to be ours
  if (postmaster && ours) {
    const { code, output } = await run(
      program(binaries, 'pg_ctl'),
      ['stop', '-D', dataIn(cluster.home), '-m', stopMode, '-w', '-t', '60', '-s'],
      { user, cwd: cluster.home, detached: true },
    );
    if (code !== 0 && (await readPostmaster(cluster.home))) {
      throw new EmbeddedDatabaseError(
        `The embedded PostgreSQL (process ${postmaster.pid}) did not stop: ${reasonIn(output)}`,
        `Read ${join(directory, 'postgres.log')}; the next start adopts a server that is still running.`,
      );
    }
  }
  if (socketDirectory) await rmdir(socketDirectory).catch(() => undefined); // it only ever holds the socket
}

function settings({ host, port }: Endpoint, durable: boolean): string[] {
  const onSocket = host.startsWith('/');
  return [
    `port=${port}`,
    `listen_addresses=${onSocket ? '' : host}`,
    `unix_socket_directories=${onSocket ? `"${host.replaceAll('"', '""')}"` : ''}`,
    'unix_socket_permissions=0700',
    'password_encryption=scram-sha-256',
    'max_connections=100',
    'cluster_name=regain',
    // log server errors only, never data: no statements, no values, no constraint details
    'log_destination=stderr',
    'logging_collector=off',
    'log_min_messages=log',
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
    'log_checkpoints=off',
    'log_line_prefix=%m [%p] ',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
}

/** Prefers a socket beside the data, then one in a short directory if that path is too long, then loopback. */
async function chooseEndpoint({
  cluster: { home },
  user,
  socketPlaces,
}: Installation): Promise<{ endpoint: Endpoint; socketDirectory?: string }> {
  if (process.platform !== 'win32') {
    if (fits(home)) return { endpoint: { host: home, port: 5432 } };
    for (const place of socketPlaces.filter((path) => fits(join(path, 'regain-XXXXXX')))) {
      const made = await makeFor(user, place);
      if (made) return { endpoint: { host: made, port: 5432 }, socketDirectory: made };
    }
  }
  return { endpoint: { host: '127.0.0.1', port: await freePort() } };
}

const fits = (directory: string): boolean => Buffer.byteLength(join(directory, SOCKET)) <= LONGEST_SOCKET;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * Starts a new log when the old one has grown large. The server's user could plant a link there, so links are not
 * followed.
 */
async function openLog(path: string): Promise<FileHandle> {
  const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;
  const log = await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND | noFollow, 0o600);
  if ((await log.stat()).size > LARGEST_LOG) await log.truncate(0);
  return log;
}

async function textFrom(path: string, start: number): Promise<string> {
  const log = await open(path, 'r');
  try {
    const { size } = await log.stat();
    const { buffer } = await log.read(Buffer.alloc(Math.min(size - start, 65_536)), 0, undefined, start);
    return buffer.toString('utf8');
  } finally {
    await log.close();
  }
}
