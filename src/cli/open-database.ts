import { resolve } from 'node:path';
import pg from 'pg';
import type { Configuration } from '../config/index.js';
import { startEmbedded } from '../platform/embedded-postgres/index.js';

export interface OpenDatabase {
  readonly url: string;
  /** what migrations use: past a pooler */
  readonly directUrl: string;
  /** ends what was started here, and nothing else */
  close(): Promise<void>;
}

/** The database that `dsn` names: a server somewhere, the embedded one, or one in a temporary directory. */
export async function openDatabase(
  { root, regain }: Configuration,
  role: 'owner' | 'command',
  log: (line: string) => void,
): Promise<OpenDatabase> {
  if (root.dsn !== 'embedded' && root.dsn !== 'memory') {
    return { url: root.dsn, directUrl: regain.database.direct_dsn ?? root.dsn, close: () => Promise.resolve() };
  }
  const embedded = await startEmbedded({
    directory: resolve(regain.embedded.data_dir),
    role: root.dsn === 'memory' ? 'temporary' : role,
    log,
  });
  return { url: embedded.url, directUrl: embedded.url, close: () => embedded.stop() };
}

/** Fails unless the database is there: the migrator would make one, under whatever name was mistyped. */
export async function requireDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'regain' });
  client.on('error', () => undefined); // said by connect already
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}
