import pg from 'pg';
import {
  type Extension,
  type ExtensionMigration,
  type LoadedExtension,
  schemaOf,
} from '../platform/extension/index.js';

/** In each extension's own schema: what has run there. */
const LEDGER = 'regain_migration';
/** One number for everybody who migrates extensions, as in src/database. */
const LOCK = 7_264_138_292;

/**
 * Runs what is pending of each extension, in the order in which they are listed, each in one transaction, once however many
 * processes start together. Ours have run before. Resolves to the names that ran, `extension/migration`.
 *
 * @throws Error that names the migration, with PostgreSQL's own as its cause
 */
export function migrateExtensions(url: string, extensions: readonly LoadedExtension[]): Promise<string[]> {
  return onEach(url, extensions, async (client, extension) => {
    const { name, migrations = [] } = extension;
    if (migrations.length === 0 && (extension.entities ?? []).length === 0) return [];
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schemaOf(extension)}`);
    await client.query(`SET LOCAL search_path TO ${schemaOf(extension)}`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${LEDGER} (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
    );
    const pending = notRun(migrations, await ran(client, extension));
    for (const migration of pending) await runOne(client, name, migration);
    await client.query('COMMIT');
    return pending.map((migration) => `${name}/${migration.name}`);
  });
}

/** The names of what has not run; changes nothing. */
export function pendingExtensionMigrations(url: string, extensions: readonly LoadedExtension[]): Promise<string[]> {
  return onEach(url, extensions, async (client, extension) => {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('${schemaOf(extension)}.${LEDGER}') IS NOT NULL AS there`,
    );
    const names = rows[0]?.there ? await ran(client, extension) : [];
    return notRun(extension.migrations ?? [], names).map((migration) => `${extension.name}/${migration.name}`);
  });
}

async function runOne(client: pg.Client, extension: string, { name, up }: ExtensionMigration): Promise<void> {
  try {
    for (const sql of up) await client.query(sql);
    await client.query(`INSERT INTO ${LEDGER} (name) VALUES ($1)`, [name]);
  } catch (error) {
    throw new Error(`the migration ${name} of the extension ${extension} failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function ran(client: pg.Client, extension: Extension): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${schemaOf(extension)}.${LEDGER}`);
  return rows.map(({ name }) => name);
}

const notRun = (migrations: readonly ExtensionMigration[], names: readonly string[]): ExtensionMigration[] =>
  migrations.filter(({ name }) => !names.includes(name));

async function onEach(
  url: string,
  extensions: readonly LoadedExtension[],
  work: (client: pg.Client, extension: Extension) => Promise<string[]>,
): Promise<string[]> {
  if (extensions.length === 0) return [];
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'regain migrate',
  });
  client.on('error', () => undefined); // what is under way reports it
  await client.connect();
  try {
    const names: string[] = [];
    for (const { definition } of extensions) names.push(...(await work(client, definition)));
    return names;
  } finally {
    await client.end(); // an open transaction ends with its connection, and nothing of it stays
  }
}
