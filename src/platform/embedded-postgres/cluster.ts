import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Binaries, majorOf, program } from './binaries.js';
import { reasonIn, run } from './command.js';
import { readPrivateFile, writePrivateFile } from './directory.js';
import { codeOf } from '../errors/index.js';
import { EmbeddedDatabaseError, remedyFor } from './errors.js';
import type { ServerUser } from './run-as.js';

/** `cluster.json`: what Regain needs to reach the server again. */
export interface Cluster {
  superuser_password: string;
  application_password: string;
  /** the directory that holds `postgres`; differs from the requested one when the server's user cannot reach that */
  home: string;
  /** set once the database cluster is complete */
  system_identifier?: string;
}

export const SUPERUSER = 'postgres';
export const dataIn = (home: string): string => join(home, 'postgres');
const fileIn = (directory: string): string => join(directory, 'cluster.json');

/** The finished cluster of a directory, checked against the files on disk; undefined if there is none yet. */
export async function readCluster(directory: string, binaries: Binaries): Promise<Cluster | undefined> {
  const text = await readPrivateFile(fileIn(directory));
  const cluster = text === undefined ? undefined : parseCluster(text, directory);
  const data = dataIn(cluster?.home ?? directory);
  const version = await readIfThere(join(data, 'PG_VERSION'));
  if (!cluster) {
    if (version === undefined) return undefined;
    throw new EmbeddedDatabaseError(
      `${data} holds a database, but ${fileIn(directory)} with its passwords is missing.`,
      `Restore that file from a backup, or move ${data} away to start with an empty database.`,
    );
  }
  if (!cluster.system_identifier) return undefined; // a setup that was interrupted before any server ran
  if (version === undefined) {
    throw new EmbeddedDatabaseError(
      `The database in ${data} is gone, but ${fileIn(directory)} still refers to it.`,
      `Restore it from a backup, or remove ${fileIn(directory)} to start with an empty database.`,
    );
  }
  compareVersions(data, version.toString('utf8').trim(), majorOf(binaries));
  if ((await systemIdentifier(data)) !== cluster.system_identifier) {
    throw new EmbeddedDatabaseError(
      `${data} does not hold the database that ${fileIn(directory)} belongs to.`,
      'Restore both from the same backup.',
    );
  }
  return cluster;
}

function parseCluster(text: string, directory: string): Cluster {
  try {
    return JSON.parse(text) as Cluster;
  } catch (cause) {
    throw new EmbeddedDatabaseError(`${fileIn(directory)} is not valid JSON.`, 'Restore that file from a backup.', {
      cause,
    });
  }
}

function compareVersions(data: string, found: string, ours: string): void {
  if (found === ours) return;
  throw new EmbeddedDatabaseError(
    `${data} was created by PostgreSQL ${found}; this version of Regain includes PostgreSQL ${ours}, which cannot read it.`,
    `Start a version of Regain that includes PostgreSQL ${found}, dump with pg_dump and restore here, or move ${data} away to start empty.`,
  );
}

/** Creates the database cluster beside its final name, so that a partial one is never mistaken for a complete one. */
export async function createCluster(
  directory: string,
  home: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  durable: boolean,
): Promise<Cluster> {
  const started: Cluster = {
    superuser_password: randomBytes(24).toString('hex'),
    application_password: randomBytes(24).toString('hex'),
    home,
  };
  await writeCluster(directory, started);
  const data = `${dataIn(home)}.unfinished`;
  const passwordFile = join(home, 'initdb.password');
  await Promise.all([data, passwordFile].map((path) => rm(path, { recursive: true, force: true })));
  await writePrivateFile(passwordFile, `${started.superuser_password}\n`, user);
  const { code, output } = await run(
    program(binaries, 'initdb'),
    [
      `--pgdata=${data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--auth=scram-sha-256',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { user, cwd: home },
  );
  await rm(passwordFile, { force: true });
  if (code !== 0) {
    await rm(data, { recursive: true, force: true });
    const reason = reasonIn(output);
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL could not be set up in ${home}: ${reason}`,
      remedyFor(output, home),
    );
  }
  await rename(data, dataIn(home));
  const finished = { ...started, system_identifier: await systemIdentifier(dataIn(home)) };
  await writeCluster(directory, finished);
  return finished;
}

/** Removes the remains of an unfinished or temporary cluster, and nothing else. */
export async function removeCluster(directory: string, home: string): Promise<void> {
  await rm(dataIn(home), { recursive: true, force: true });
  await rm(`${dataIn(home)}.unfinished`, { recursive: true, force: true });
  if (home !== directory) await rm(home, { recursive: true, force: true });
  await rm(join(home, 'initdb.password'), { force: true });
  await rm(join(directory, 'postgres.log'), { force: true });
  await rm(fileIn(directory), { force: true });
}

/** The home of a cluster that was never finished, so that its remains can be removed. */
export async function unfinishedHome(directory: string): Promise<string | undefined> {
  const text = await readPrivateFile(fileIn(directory));
  if (text === undefined) return undefined;
  const { home, system_identifier } = parseCluster(text, directory);
  return system_identifier ? undefined : home;
}

async function writeCluster(directory: string, cluster: Cluster): Promise<void> {
  await writePrivateFile(fileIn(directory), `${JSON.stringify(cluster, null, 2)}\n`);
}

/** The first eight bytes of pg_control. All supported machines are little-endian. */
async function systemIdentifier(data: string): Promise<string> {
  const file = await open(join(data, 'global', 'pg_control'), 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.readBigUInt64LE(0).toString();
  } finally {
    await file.close();
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
