import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../src/database/index.js';

/** The run's server, with another database name. */
function withName(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

/** An empty database of the caller's own on the run's server. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('postgres');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  return { url: withName(server, name), drop: () => dropDatabase(server, name) };
}

/** The same, migrated. */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const database = await emptyDatabase();
  await migrate(database.url);
  return database;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Milliseconds between two tries. */
const SOON = 250;
const TRIES = 20;

/**
 * A pool says that it has ended before its connections have: to end one by force then is an error that nobody listens for.
 * One of the server's own workers (autovacuum) cannot be ended by our role and is waited for.
 */
async function dropDatabase(server: string, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const force = tries > 1 ? ' WITH (FORCE)' : ''; // without, PostgreSQL waits 5 s for connections to end
      return await onServer(server, `DROP DATABASE IF EXISTS ${name}${force}`);
    } catch (error) {
      const { code } = error as { code?: string };
      if ((code !== IN_USE && code !== NOT_ALLOWED) || tries === TRIES) throw error;
      await setTimeout(SOON);
    }
  }
}

const IN_USE = '55006';
const NOT_ALLOWED = '42501';
