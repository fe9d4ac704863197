import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/platform/embedded-postgres/index.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** postgres:// URL of the run's one server; the role may create databases */
    postgres: string;
  }
}

/** One real PostgreSQL for the whole run; every spec file makes a database of its own on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbedded({ directory: '', role: 'temporary' });
  await allowDatabases(server.url, server.directory);
  project.provide('postgres', server.url);
  return () => server.stop();
}

/** The application's role may not create databases; here it must. */
async function allowDatabases(url: string, directory: string): Promise<void> {
  const cluster = JSON.parse(await readFile(join(directory, 'cluster.json'), 'utf8')) as { superuser_password: string };
  const superuser = new URL(url);
  const role = superuser.username;
  superuser.username = 'postgres';
  superuser.password = cluster.superuser_password;
  const client = new pg.Client({ connectionString: superuser.href });
  await client.connect();
  await client.query(`ALTER ROLE ${role} CREATEDB`);
  await client.end();
}
