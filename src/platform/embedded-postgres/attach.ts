import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { dataIn, readCluster } from './cluster.js';
import { applicationUrl, isReady, readPostmaster } from './endpoint.js';
import { EmbeddedDatabaseError } from './errors.js';
import { processExists, programOf } from './owner.js';

/** The URL of the server running on this directory, if one runs and proves its identity. */
export async function runningUrl(directory: string, binaries: Binaries): Promise<string | undefined> {
  const cluster = await readCluster(directory, binaries);
  const endpoint = cluster && (await readPostmaster(cluster.home))?.endpoint;
  if (!endpoint || !(await isReady(endpoint, cluster))) return undefined;
  return applicationUrl(endpoint, cluster);
}

/**
 * Decides what an unresponsive postmaster.pid means. PostgreSQL would take any living process for a server, and after a
 * container restart the pid often belongs to something else. We never remove the file ourselves.
 */
export async function refuseForeignPostmaster(
  home: string,
  pid: number,
  outOfPatience: boolean,
): Promise<'gone' | 'postgres'> {
  if (!processExists(pid)) return 'gone';
  const file = join(dataIn(home), 'postmaster.pid');
  const name = await programOf(pid);
  if (!/^postgres|\/postgres/.test(name)) {
    throw new EmbeddedDatabaseError(
      `${file} names process ${pid}, which is ${name === '' ? 'another program' : `"${name}"`} and not PostgreSQL.`,
      `Make sure that no PostgreSQL is using this directory (from another container, for example), then run: rm '${file}'`,
    );
  }
  if (outOfPatience) {
    throw new EmbeddedDatabaseError(
      `${file} names the PostgreSQL process ${pid}, which does not answer as the database in this directory.`,
      `If it belongs to another database: rm '${file}'. If it is this one, stop it: pg_ctl stop -D '${dataIn(home)}'`,
    );
  }
  return 'postgres';
}
