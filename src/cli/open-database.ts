import { resolve } from 'node:path';
import pg from 'pg';
import type { Configuration } from '../config/index.js';
import { startEmbedded } from '../platform/embedded-postgres/index.js';

export interface OpenDatabase {
  readonly url: string;
  /** for migrations; bypasses a pooler */
  readonly directUrl: string;
  /** stops only what this call started */
  close(): Promise<void>;
}

/** Opens the database in `dsn`: an external server, the embedded one, or one in a temporary directory. */
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

/** Fails if the database doesn't exist. Otherwise the migrator would create one, even with a mistyped name. */
export async function requireDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'regain' });
  client.on('error', () => undefined); // connect reports it already
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}
