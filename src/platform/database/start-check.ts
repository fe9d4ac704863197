import pg from 'pg';
import { BadRequest } from '../errors/index.js';

interface Runtime {
  /** postgres:// URL of the pool, which may lead through a pooler */
  readonly url: string;
  readonly prepared: boolean;
  /** milliseconds */
  readonly statementTimeout: number;
}

const LIMIT = 5_000;
/** Turns that each of two connections takes: a pooler hands both the same connection of the server, or each another. */
const TURNS = 2;

/**
 * Does for a moment what the pool will do all the time: sends the startup parameter and keeps named statements. A pooler that
 * takes either badly would otherwise show under load only, one request in ten.
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
  client.on('error', () => undefined); // what is under way reports it
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    const { message } = error as Error;
    if (!/unsupported startup parameter/.test(message)) throw error;
    throw new BadRequest(
      'The pooler in `dsn` refuses the startup parameter statement_timeout. ' +
        'For PgBouncer set: ignore_startup_parameters = statement_timeout. ' +
        `Then give the timeout to the role: ${onTheRole(statementTimeout)}`,
    );
  }
}

/** Where a connection of the server changes hands after each transaction, one does not know the name yet, or knows it already. */
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
      'The pooler in `dsn` does not keep prepared statements: one was lost, or met again, between two transactions. ' +
        'Set regain.database.prepared: false, or for PgBouncer 1.21 or newer max_prepared_statements = 200.',
    );
  }
}

/** Invalid, or duplicate, prepared statement; poolers of their own kind say it with a protocol violation. */
function isAboutNames(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return code === '26000' || code === '42P05' || (code === '08P01' && /prepared|bind message|statement/i.test(message));
}

async function lacking(client: pg.Client, statementTimeout: number): Promise<string[]> {
  const { rows } = await client.query<{ timeout: string }>("SELECT current_setting('statement_timeout') AS timeout");
  if (rows[0]?.timeout !== '0') return [];
  return [
    `warning: the pooler in \`dsn\` keeps regain.database.statement_timeout from PostgreSQL: ${onTheRole(statementTimeout)}`,
  ];
}

const onTheRole = (milliseconds: number): string => `ALTER ROLE … SET statement_timeout = '${milliseconds}ms'`;
