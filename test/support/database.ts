import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

/** The URL of another database on the run's server. */
function withName(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

export interface SpecDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database on the run's server, for one caller only. */
export const emptyDatabase = (): Promise<SpecDatabase> => create('');

/** The same, migrated. Copies the run's template, which is several times faster than migrating. */
export const freshDatabase = (): Promise<SpecDatabase> => create(`TEMPLATE ${inject('template')}`);

async function create(how: string): Promise<SpecDatabase> {
  const server = inject('postgres');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} ${how}`);
  return { url: withName(server, name), drop: () => dropDatabase(server, name) };
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

/** Milliseconds between attempts. */
const SOON = 250;
const TRIES = 20;

/**
 * A pool reports its end before its connections have ended. Ending one of those by force raises an error that nothing
 * handles.
 * Waits for the server's own workers (autovacuum), because our role cannot end them.
 */
async function dropDatabase(server: string, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const force = tries > 1 ? ' WITH (FORCE)' : ''; // without FORCE, PostgreSQL waits 5 s for connections to end
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
