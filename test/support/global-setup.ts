import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/database/index.js';
import { startEmbedded } from '../../src/platform/embedded-postgres/index.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** postgres:// URL of the run's one server; its role may create databases */
    postgres: string;
    /** name of a migrated database on that server; spec files copy it, and nothing connects to it */
    template: string;
  }
}

const TEMPLATE = 'migrated';

/** One real PostgreSQL for the whole run. Each spec file creates a database on it, usually a copy of the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbedded({ directory: '', role: 'temporary' });
  await allowDatabases(server.url, server.directory);
  await makeTemplate(server.url);
  project.provide('postgres', server.url);
  project.provide('template', TEMPLATE);
  return () => server.stop();
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
}

/** The application's role may not create databases; tests need to. */
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
