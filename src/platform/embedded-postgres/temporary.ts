import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Binaries, reachableBinaries } from './binaries.js';
import { readCluster, removeCluster, unfinishedHome } from './cluster.js';
import { answersAs, readPostmaster } from './endpoint.js';
import { claim, processExists, readOwner, release } from './owner.js';
import type { ServerUser } from './run-as.js';
import { stopServer } from './server.js';

const PREFIX = 'regain-memory-';
/**
 * Milliseconds after which a directory without an owner counts as abandoned; a younger one may still be in use by a
 * start.
 */
const MAKING = 10 * 60_000;

export function makeTemporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), PREFIX));
}

interface Tools {
  binaries: Binaries;
  users: ServerUser[];
  /** where a copy of the binaries may be */
  copyPlaces: string[];
}

/** Removes what killed processes have left. Never fails: the start continues without it. */
export async function removeDeadDirectories(tools: Tools, log: (line: string) => void): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const directory of names.map((name) => join(tmpdir(), name))) {
    try {
      if (!(await isOurs(directory, tools.users))) continue;
      if (await removeIfDead(directory, tools)) log(`removed ${directory}, left behind by a process that has ended`);
    } catch (error) {
      log(`could not remove ${directory}: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  }
}

/** In a world-writable directory, touches only directories that belong to us and are closed to others. */
async function isOurs(directory: string, users: ServerUser[]): Promise<boolean> {
  const found = await lstat(directory);
  const uids = [process.getuid?.(), ...users.map(({ uid }) => uid)];
  return (
    found.isDirectory() && (process.platform === 'win32' || (uids.includes(found.uid) && (found.mode & 0o77) === 0))
  );
}

async function removeIfDead(directory: string, { binaries, users, copyPlaces }: Tools): Promise<boolean> {
  const owner = await readOwner(directory);
  if (!owner && (await ageOf(directory)) < MAKING) return false;
  const taken = await claim(directory, 'temporary');
  if (!('mine' in taken)) return false;
  const cluster = await readCluster(directory, binaries);
  const postmaster = cluster && (await readPostmaster(cluster.home));
  if (postmaster) {
    const endpoint = postmaster.endpoint;
    if (endpoint && (await answersAs(endpoint, cluster))) {
      const { uid } = await lstat(cluster.home);
      const user = users.find((candidate) => candidate.uid === uid);
      const runnable = await reachableBinaries(binaries, user, () => undefined, copyPlaces);
      await stopServer({ directory, cluster, binaries: runnable, user, stopMode: 'immediate' }, { endpoint });
    } else if (processExists(postmaster.pid)) {
      await release(directory, taken.mine);
      return false;
    }
  }
  const home = cluster?.home ?? (await unfinishedHome(directory));
  if (home) await removeCluster(directory, home);
  await rm(directory, { recursive: true, force: true });
  return true;
}

async function ageOf(directory: string): Promise<number> {
  const now = performance.timeOrigin + performance.now();
  return now - (await lstat(directory)).mtimeMs;
}
