import pg from 'pg';
import { BadRequest } from '../errors/index.js';

interface Runtime {
  /** postgres:// URL of the pool; may point to a pooler */
  readonly url: string;
  readonly prepared: boolean;
  /** milliseconds */
  readonly statementTimeout: number;
}

const LIMIT = 5_000;
/** Turns that each of two connections takes, so that a pooler gives both the same server connection, or swaps them. */
const TURNS = 2;

/**
 * Tries at start what the pool does later: sends the startup parameter and reuses named statements. A pooler that
 * supports neither would otherwise fail only under load, in perhaps one request in ten.
 * @returns warnings
 * @throws BadRequest that says what to set; errors of the driver
 */
export async function tryRuntimeConnection({ url, prepared, statementTimeout }: Runtime): Promise<string[]> {
  const connect = (): Promise<pg.Client> => connected(url, statementTimeout);
  const first = await connect();
  try {
    const second = await connect();
    try {
      if (prepared) await tryNamedStatements(first, second);
      return await lacking(first, statementTimeout);
    } finally {
      second.connection.stream.destroy();
    }
  } finally {
    first.connection.stream.destroy();
  }
}

async function connected(url: string, statementTimeout: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: LIMIT,
    query_timeout: LIMIT,
    statement_timeout: statementTimeout,
    application_name: 'regain',
  });
  client.on('error', () => undefined); // the running query reports the error
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    const { message } = error as Error;
    if (!/unsupported startup parameter/.test(message)) throw error;
    throw new BadRequest(
      'The pooler in `dsn` rejects the startup parameter statement_timeout. ' +
        'For PgBouncer set: ignore_startup_parameters = statement_timeout. ' +
        `Then set the timeout on the role: ${onTheRole(statementTimeout)}`,
    );
  }
}

/**
 * A pooler that swaps server connections between transactions loses a prepared name, or meets one that already exists.
 */
async function tryNamedStatements(first: pg.Client, second: pg.Client): Promise<void> {
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      for (const client of [first, second]) {
        await client.query({ name: 'regain_start_check_1', text: 'SELECT 1 AS one' });
        await client.query({ name: 'regain_start_check_2', text: 'SELECT 2 AS two' });
      }
    }
  } catch (error) {
    if (!isAboutNames(error)) throw error;
    throw new BadRequest(
      'The pooler in `dsn` does not keep prepared statements: one was lost or duplicated between two transactions. ' +
        'Set regain.database.prepared: false or, with PgBouncer 1.21 or later, max_prepared_statements = 200.',
    );
  }
}

/** Invalid or duplicate prepared statement. Some poolers report these as a protocol violation. */
function isAboutNames(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return code === '26000' || code === '42P05' || (code === '08P01' && /prepared|bind message|statement/i.test(message));
}

async function lacking(client: pg.Client, statementTimeout: number): Promise<string[]> {
  const { rows } = await client.query<{ timeout: string }>("SELECT current_setting('statement_timeout') AS timeout");
  if (rows[0]?.timeout !== '0') return [];
  return [
    `warning: the pooler in \`dsn\` does not pass regain.database.statement_timeout to PostgreSQL. Run: ${onTheRole(statementTimeout)}`,
  ];
}

const onTheRole = (milliseconds: number): string => `ALTER ROLE … SET statement_timeout = '${milliseconds}ms'`;
