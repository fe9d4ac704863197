import { rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { refuseForeignPostmaster, runningUrl } from './attach.js';
import { type Binaries, COPY_PLACES, locateBinaries, reachableBinaries } from './binaries.js';
import { createCluster, dataIn, readCluster, removeCluster, unfinishedHome } from './cluster.js';
import { chooseHome, DATA_PLACES, preparePrivateDirectory } from './directory.js';
import { answersAs, applicationUrl, otherSessions, prepareApplication, readPostmaster } from './endpoint.js';
import { EmbeddedDatabaseError, explain } from './errors.js';
import { claim, liveOwner, type Owner, release, type Role } from './owner.js';
import { serverUsers, type ServerUser } from './run-as.js';
import { type Installation, type RunningServer, startServer, stopServer } from './server.js';
import { makeTemporaryDirectory, removeDeadDirectories } from './temporary.js';

export interface EmbeddedDatabase {
  /**
   * `postgres://` URL of the unprivileged application role, over the socket or loopback; for pg.Pool and MikroORM's
   * clientUrl
   */
  readonly url: string;
  /** true if this process started or adopted the server and must stop it; false if it attached to a running one */
  readonly owned: boolean;
  /** the root: `.regain`, or the temporary directory */
  readonly directory: string;
  /** stops the server if owned, and removes a temporary directory; otherwise does nothing */
  stop(): Promise<void>;
}

interface EmbeddedOptions {
  /** the root of the data; ignored for `temporary`, which creates its own */
  directory: string;
  role: Role;
  log?: (line: string) => void;
}

/** What the machine provides; tests replace parts of it. */
export interface Machine {
  binaries: () => Binaries;
  users: () => Promise<ServerUser[]>;
  copyPlaces: string[];
  dataPlaces: string[];
  socketPlaces: string[];
  /** milliseconds to wait for another process that is starting or stopping the server */
  patience: number;
  /** false: writes do not wait for the disk */
  durable: boolean;
}

export const MACHINE: Machine = {
  binaries: locateBinaries,
  users: serverUsers,
  copyPlaces: COPY_PLACES,
  dataPlaces: DATA_PLACES,
  socketPlaces: [tmpdir(), '/var/tmp'],
  patience: 30_000,
  durable: true,
};

/**
 * Starts, adopts or attaches to the embedded server.
 * @throws EmbeddedDatabaseError, and nothing else
 */
export async function startEmbedded(options: EmbeddedOptions, machine = MACHINE): Promise<EmbeddedDatabase> {
  const log = options.log ?? (() => undefined);
  let directory = resolve(options.directory);
  try {
    const users = await machine.users();
    const binaries = machine.binaries();
    if (options.role === 'temporary') {
      await removeDeadDirectories({ binaries, users, copyPlaces: machine.copyPlaces }, log);
      directory = await makeTemporaryDirectory();
    }
    const made = await preparePrivateDirectory(directory, users);
    const context = { ...options, directory, log, users, binaries, machine };
    try {
      return await takeOrAttach(context);
    } catch (error) {
      if (made || options.role === 'temporary') await rmdir(directory).catch(() => undefined); // only if it is empty
      throw error;
    }
  } catch (error) {
    throw explain(error, directory);
  }
}

interface Context {
  directory: string;
  role: Role;
  log: (line: string) => void;
  users: ServerUser[];
  binaries: Binaries;
  machine: Machine;
}

/** A command attaches to a running server. Every other start, and a command that finds none, claims the directory. */
async function takeOrAttach(context: Context): Promise<EmbeddedDatabase> {
  const { directory, role, machine } = context;
  const limit = performance.now() + machine.patience;
  for (;;) {
    const other = await liveOwner(directory);
    if (role === 'command') {
      const url = await runningUrl(directory, context.binaries);
      if (url) return attached(url, directory);
    }
    if (!other) {
      const taken = await claim(directory, role);
      if ('mine' in taken) return await holding(taken.mine, context);
    }
    if (other && role === 'owner' && other.role === 'owner') throw secondOwner(directory, other);
    if (performance.now() > limit && other) throw stillHeld(directory, other);
    await setTimeout(50); // it is starting or stopping: soon it will answer or have no owner
  }
}

async function holding(mine: Owner, context: Context): Promise<EmbeddedDatabase> {
  try {
    return await bringUp(mine, context);
  } catch (error) {
    await release(context.directory, mine);
    throw error;
  }
}

async function bringUp(mine: Owner, context: Context): Promise<EmbeddedDatabase> {
  const { directory, role, log, machine } = context;
  const durable = machine.durable && role !== 'temporary';
  const leftover = await unfinishedHome(directory);
  if (leftover) await removeCluster(directory, leftover);
  const known = await readCluster(directory, context.binaries);
  const user = await userFor(known ? dataIn(known.home) : directory, context.users);
  const binaries = await reachableBinaries(context.binaries, user, log, machine.copyPlaces);
  const home = known?.home ?? (await chooseHome(directory, user, log, machine.dataPlaces));
  let running: RunningServer | undefined;
  let installation: Installation | undefined;
  try {
    const cluster = known ?? (await createCluster(directory, home, binaries, user, durable));
    const stopMode = role === 'temporary' ? 'immediate' : 'fast';
    installation = { directory, cluster, binaries, user, durable, stopMode, socketPlaces: machine.socketPlaces };
    running = await adoptOrStart(installation, context);
    await prepareApplication(running.endpoint, cluster);
    if (role === 'command' && !running.child) {
      await release(directory, mine); // it recovered while we waited: we did not start it, so we do not stop it
      return attached(applicationUrl(running.endpoint, cluster), directory);
    }
    return supervised(mine, context, installation, running);
  } catch (error) {
    if (running?.child && installation) await stopServer(installation, running);
    if (!known) await removeCluster(directory, home);
    throw error;
  }
}

async function adoptOrStart(installation: Installation, { log, machine }: Context): Promise<RunningServer> {
  const { cluster } = installation;
  const limit = performance.now() + machine.patience;
  for (;;) {
    const postmaster = await readPostmaster(cluster.home);
    if (!postmaster) return startServer(installation);
    const { pid, endpoint } = postmaster;
    if (endpoint && (await answersAs(endpoint, cluster))) {
      log(`adopted the embedded PostgreSQL that was still running (process ${pid})`);
      return { endpoint };
    }
    const state = await refuseForeignPostmaster(cluster.home, pid, performance.now() > limit);
    if (state === 'gone') return startServer(installation); // PostgreSQL replaces its own stale file
    await setTimeout(100); // another postgres, which is recovering or shutting down
  }
}

function attached(url: string, directory: string): EmbeddedDatabase {
  return { url, owned: false, directory, stop: () => Promise.resolve() };
}

function supervised(
  mine: Owner,
  { directory, role, log, machine }: Context,
  installation: Installation,
  running: RunningServer,
): EmbeddedDatabase {
  let stopping: Promise<void> | undefined;
  running.child?.once('exit', (code, signal) => {
    if (!stopping)
      log(`the embedded PostgreSQL ended unexpectedly (${code ?? signal}): see postgres.log in ${directory}`);
  });
  const stop = async (): Promise<void> => {
    if (role === 'command') await othersDone(installation, running, machine.patience);
    await stopServer(installation, running);
    if (role === 'temporary') await removeCluster(directory, installation.cluster.home);
    await release(directory, mine);
    if (role === 'temporary') await rm(directory, { recursive: true, force: true });
  };
  return {
    url: applicationUrl(running.endpoint, installation.cluster),
    owned: true,
    directory,
    stop: () => (stopping ??= stop()),
  };
}

/** Gives a command that has attached to this server some time to finish. */
async function othersDone({ cluster }: Installation, { endpoint }: RunningServer, patience: number): Promise<void> {
  const limit = performance.now() + Math.min(patience, 10_000);
  while (performance.now() < limit && (await answersAs(endpoint, cluster))) {
    if ((await otherSessions(endpoint, cluster)) === 0) return;
    await setTimeout(100);
  }
}

/** The user that already owns the files, or the preferred one. */
async function userFor(path: string, users: ServerUser[]): Promise<ServerUser | undefined> {
  const { uid } = await stat(path);
  return users.find((user) => user.uid === uid) ?? users[0];
}

function secondOwner(directory: string, other: Owner): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `${directory} is in use by another \`regain serve\` (process ${other.pid}, since ${other.started_at}).`,
    'Stop that one first, or set a different regain.embedded.data_dir for this one.',
  );
}

function stillHeld(directory: string, other: Owner): EmbeddedDatabaseError {
  const holder = other.role === 'command' ? 'a regain command' : '`regain serve`';
  return new EmbeddedDatabaseError(
    `${directory} is held by ${holder} (process ${other.pid}, since ${other.started_at}), and no database answers there yet.`,
    'Wait for that process to end, or stop it, then try again.',
  );
}
