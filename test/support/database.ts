import { randomBytes } from 'node:crypto';
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

/** Tried again while one of the server's own workers (autovacuum) is in the database: our role may not end those. */
async function dropDatabase(server: string, name: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    } catch (error) {
      if ((error as { code?: string }).code !== '42501' || tries === 20) throw error;
      await new Promise((done) => setTimeout(done, 250));
    }
  }
}
