import type { ClientConfig } from 'pg';
import { KratosDsnUnusable } from '../kratos-import.errors.js';

/** Parameters that Go's driver supports and ours doesn't. Pool sizes are meaningless for one connection. */
const SEARCH_PATH = 'search_path';
const OF_THE_POOL = ['max_conns', 'max_idle_conns', 'max_conn_lifetime', 'max_conn_idle_time', 'connect_timeout'];

/**
 * Parses the `dsn` of a Kratos configuration. Errors never contain it, because it has a password.
 * @throws KratosDsnUnusable
 */
export function readDsn(dsn: string): { client: ClientConfig; searchPath: string | undefined } {
  const text = dsn.trim();
  if (text === '') throw new KratosDsnUnusable('The DSN of the Kratos database is empty.');
  const scheme = /^([a-z0-9+]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'postgres' && scheme !== 'postgresql')
    throw new KratosDsnUnusable(
      'Regain can only import Kratos on PostgreSQL: the DSN must start with postgres:// (not mysql, cockroach or sqlite).',
    );
  if (!URL.canParse(text)) throw new KratosDsnUnusable('The DSN of the Kratos database is not a valid URL.');
  const url = new URL(text);
  const searchPath = url.searchParams.get(SEARCH_PATH) ?? undefined;
  for (const name of [SEARCH_PATH, ...OF_THE_POOL]) url.searchParams.delete(name);
  return {
    client: {
      connectionString: url.href,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'regain import kratos',
    },
    searchPath,
  };
}
