import { MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type SqlEntityManager } from '@mikro-orm/postgresql';
import { jobQueueIsPending, prepareJobQueue } from '../platform/job-queue/index.js';
import { entities } from './entities.js';
import { MIGRATIONS } from './migrations/index.js';

const TABLE = 'regain_migration';
/** Advisory lock for migrating: a second process waits, then finds nothing to do. */
const LOCK = 7_264_138_291;
/** The job queue's schema, which has its own migrations. */
const QUEUE = 'job-queue';

/**
 * Runs pending migrations in one transaction; once, however many processes start together. Resolves to the names that
 * ran.
 */
export async function migrate(url: string): Promise<string[]> {
  const ran = await migrateTables(url);
  return (await prepareJobQueue(url)) ? [...ran, QUEUE] : ran;
}

function migrateTables(url: string): Promise<string[]> {
  return withMigrator(url, (orm) =>
    orm.em.fork().transactional(async (em) => {
      await (em as SqlEntityManager).execute(`SELECT pg_advisory_xact_lock(${LOCK})`);
      const ran = await orm.migrator.up({ transaction: em.getTransactionContext()! });
      return ran.map(({ name }) => name);
    }),
  );
}

/** The names of pending migrations. Changes nothing. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const pending = await pendingTables(url);
  return (await jobQueueIsPending(url)) ? [...pending, QUEUE] : pending;
}

function pendingTables(url: string): Promise<string[]> {
  return withMigrator(url, async (orm) => {
    const em = orm.em.fork() as SqlEntityManager;
    const [table] = await em.execute<{ there: boolean }[]>(`SELECT to_regclass('${TABLE}') IS NOT NULL AS there`);
    const ran = table?.there ? await em.execute<{ name: string }[]>(`SELECT name FROM ${TABLE}`) : [];
    const names = new Set(ran.map(({ name }) => name));
    return MIGRATIONS.map(({ name }) => name).filter((name) => !names.has(name));
  });
}

async function withMigrator<T>(url: string, work: (orm: MikroORM) => Promise<T>): Promise<T> {
  const orm = new MikroORM(
    defineConfig({
      clientUrl: url,
      entities,
      extensions: [Migrator],
      pool: { min: 0, max: 2 },
      logger: () => undefined,
      driverOptions: { connectionTimeoutMillis: 5_000, application_name: 'regain migrate' },
      migrations: {
        tableName: TABLE,
        migrationsList: MIGRATIONS,
        snapshot: false,
        disableForeignKeys: false,
        transactional: true,
        allOrNothing: true,
      },
    }),
  );
  try {
    return await work(orm);
  } finally {
    await orm.close(true);
  }
}
