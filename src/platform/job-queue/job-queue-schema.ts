import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import type { Client } from 'pg';
import pg from 'pg';
import { QUEUE_SCHEMA, QUEUES } from './names.js';

/** Advisory lock for preparing the queue: a second process waits, then finds nothing to do. */
const LOCK = 7_264_138_292;

/**
 * The schema version that the library's migration plans lead to, read from their text.
 * @throws Error unless the text states it exactly once, so that no upgrade is missed silently
 */
export function versionIn(plans: string): number {
  const [found, ...more] = [...plans.matchAll(/\bversion\) VALUES \('(\d+)'\)/g)].map(([, version]) => Number(version));
  if (found === undefined || more.length > 0) throw new Error('the job queue does not state the version of its schema');
  return found;
}

/**
 * Creates or upgrades the queue's schema and creates its queues; once, however many processes start together. The plans
 * run to completion here, on a direct connection, so the runtime role has nothing left to build.
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

/** Whether `prepareJobQueue` has something to do. Changes nothing. */
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

/** Uses an existing schema as it is: a role with more rights may have created it in advance. */
async function constructionPlans(client: Client): Promise<string> {
  const { rows } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [QUEUE_SCHEMA]);
  return getConstructionPlans(QUEUE_SCHEMA, { createSchema: rows.length === 0 });
}

/**
 * The library's plans create indexes concurrently after their transaction, which cannot run in one message with it.
 * This moves them into the transaction: the table is small, and an upgrade is applied completely or not at all.
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
  client.on('error', () => undefined); // the running query reports the error
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
