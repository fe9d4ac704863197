import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import type { Client } from 'pg';
import pg from 'pg';
import { QUEUE_SCHEMA, QUEUES } from './names.js';

/** One number for everybody who prepares the queue: the second waits, and then finds nothing to do. */
const LOCK = 7_264_138_292;

/**
 * The version that the library's plans lead to, as they write it down.
 * @throws Error where they do not say it, exactly once: no upgrade must be missed in silence
 */
export function versionIn(plans: string): number {
  const [found, ...more] = [...plans.matchAll(/\bversion\) VALUES \('(\d+)'\)/g)].map(([, version]) => Number(version));
  if (found === undefined || more.length > 0)
    throw new Error('the job queue does not say which version of its schema it wants');
  return found;
}

/**
 * Makes or upgrades the queue's schema and makes its queues; once, however many processes start together. Plans run here
 * to their end, on a direct connection: nothing is left for the runtime role to build.
 * @returns whether there was something to do
 */
export async function prepareJobQueue(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    if (!(await isPending(client))) return false;
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    try {
      const version = await versionOf(client);
      if (version === undefined) await client.query(await constructionPlans(client));
      else if (version < wanted()) await client.query(inOneTransaction(getMigrationPlans(QUEUE_SCHEMA, version)));
      for (const [name, { expireInSeconds }] of Object.entries(QUEUES))
        await client.query(`SELECT ${QUEUE_SCHEMA}.create_queue($1, $2)`, [
          name,
          JSON.stringify({ policy: 'standard', expireInSeconds, retryLimit: 2, deleteAfterSeconds: 600 }),
        ]);
      return true;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    }
  });
}

/** Whether `prepareJobQueue` has something to do; changes nothing. */
export function jobQueueIsPending(url: string): Promise<boolean> {
  return withClient(url, isPending);
}

const wanted = (): number => versionIn(getConstructionPlans(QUEUE_SCHEMA));

async function isPending(client: Client): Promise<boolean> {
  const version = await versionOf(client);
  if (version === undefined || version < wanted()) return true;
  const names = Object.keys(QUEUES);
  const { rows } = await client.query(`SELECT FROM ${QUEUE_SCHEMA}.queue WHERE name = ANY ($1)`, [names]);
  return rows.length < names.length;
}

async function versionOf(client: Client): Promise<number | undefined> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('${QUEUE_SCHEMA}.version') IS NOT NULL AS there`,
  );
  if (!rows[0]?.there) return undefined;
  const found = await client.query<{ version: number }>(`SELECT version FROM ${QUEUE_SCHEMA}.version`);
  return found.rows[0]?.version;
}

/** A schema that somebody with more rights made ahead is used as it is. */
async function constructionPlans(client: Client): Promise<string> {
  const { rows } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [QUEUE_SCHEMA]);
  return getConstructionPlans(QUEUE_SCHEMA, { createSchema: rows.length === 0 });
}

/**
 * The library's plans build indexes concurrently behind their transaction, which cannot be done in one message with it. Here they
 * are built in it: the table holds what is under way only, and an upgrade is made whole or not at all.
 */
function inOneTransaction(plans: string): string {
  const end = plans.lastIndexOf('COMMIT;');
  if (end < 0) return plans;
  const builds = plans.slice(end + 'COMMIT;'.length).replaceAll(/\bINDEX CONCURRENTLY\b/g, 'INDEX');
  return `${plans.slice(0, end)}${builds}\nCOMMIT;`;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'regain migrate',
  });
  client.on('error', () => undefined); // the query under way reports it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
