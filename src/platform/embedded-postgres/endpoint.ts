import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Cluster, dataIn, SUPERUSER } from './cluster.js';
import { codeOf } from '../errors/index.js';

/** Where a server listens: the directory of its socket, or a loopback address. */
export interface Endpoint {
  host: string;
  port: number;
}

/** `postmaster.pid` as PostgreSQL wrote it. */
interface Postmaster {
  /** never signalled, only compared and probed */
  pid: number;
  endpoint: Endpoint | undefined;
}

const APPLICATION = 'regain';

/** Lines of postmaster.pid: pid, data directory, start time, port, socket directory, address, shared memory, status. */
export async function readPostmaster(home: string): Promise<Postmaster | undefined> {
  try {
    const lines = (await readFile(join(dataIn(home), 'postmaster.pid'), 'utf8')).split('\n').map((line) => line.trim());
    const port = Number(lines[3]);
    const host = lines[4] || lines[5];
    return { pid: Math.abs(Number(lines[0])), endpoint: host && port > 0 ? { host, port } : undefined };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The URL for the application's role. A socket directory is percent-encoded in place of the host. */
export function applicationUrl({ host, port }: Endpoint, cluster: Cluster): string {
  return `postgres://${APPLICATION}:${cluster.application_password}@${encodeURIComponent(host)}:${port}/${APPLICATION}`;
}

/** Runs `work` as superuser on its own connection. */
async function asSuperuser<T>(
  { host, port }: Endpoint,
  cluster: Cluster,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host,
    port,
    user: SUPERUSER,
    password: cluster.superuser_password,
    database: 'postgres',
    ssl: false,
    application_name: 'regain supervisor',
    connectionTimeoutMillis: 5000,
    query_timeout: 30_000,
  });
  client.on('error', () => undefined); // the running query reports the error
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether the server at this endpoint belongs to this cluster: same data directory, same system identifier. */
export async function answersAs(endpoint: Endpoint, cluster: Cluster): Promise<boolean> {
  return (await probe(endpoint, cluster)) !== undefined;
}

/** As `answersAs`, and the application's database exists: during setup, the server answers before that. */
export async function isReady(endpoint: Endpoint, cluster: Cluster): Promise<boolean> {
  return (await probe(endpoint, cluster))?.ready === true;
}

async function probe(endpoint: Endpoint, cluster: Cluster): Promise<{ ready: boolean } | undefined> {
  try {
    const { rows } = await asSuperuser(endpoint, cluster, (client) =>
      client.query<{ directory: string; identifier: string; ready: boolean }>(
        `SELECT current_setting('data_directory') AS directory,
                (SELECT system_identifier::text FROM pg_control_system()) AS identifier,
                EXISTS (SELECT FROM pg_database WHERE datname = $1) AS ready`,
        [APPLICATION],
      ),
    );
    const found = rows[0];
    if (!found || found.identifier !== cluster.system_identifier) return undefined;
    if ((await realpath(found.directory)) !== (await realpath(dataIn(cluster.home)))) return undefined;
    return { ready: found.ready };
  } catch (error) {
    if (error instanceof Error) return undefined; // missing, not up yet or not ours: the caller treats them alike
    throw error;
  }
}

/** Creates the application's role and database if they are missing. */
export async function prepareApplication(endpoint: Endpoint, cluster: Cluster): Promise<void> {
  await asSuperuser(endpoint, cluster, async (client) => {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
              EXISTS (SELECT FROM pg_database WHERE datname = $1) AS database`,
      [APPLICATION],
    );
    if (!rows[0]?.role) {
      await client.query(
        `CREATE ROLE ${APPLICATION} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION
         PASSWORD ${client.escapeLiteral(cluster.application_password)}`,
      );
    }
    if (!rows[0]?.database) await client.query(`CREATE DATABASE ${APPLICATION} OWNER ${APPLICATION}`);
  });
}

/** Number of other sessions in the application's database. */
export async function otherSessions(endpoint: Endpoint, cluster: Cluster): Promise<number> {
  const { rows } = await asSuperuser(endpoint, cluster, (client) =>
    client.query<{ sessions: number }>('SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE datname = $1', [
      APPLICATION,
    ]),
  );
  return rows[0]?.sessions ?? 0;
}
