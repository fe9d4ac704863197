import { MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type SqlEntityManager } from '@mikro-orm/postgresql';
import { entities } from './entities.js';
import { MIGRATIONS } from './migrations/index.js';

/** One number for everybody who migrates: the second waits, and then finds nothing to do. */
const LOCK = 7_264_138_291;

/** Runs what is pending, in one transaction, once however many processes start together. Resolves to the names that ran. */
export async function migrate(url: string): Promise<string[]> {
  return withMigrator(url, (orm) =>
    orm.em.fork().transactional(async (em) => {
      await (em as SqlEntityManager).execute(`SELECT pg_advisory_xact_lock(${LOCK})`);
      const ran = await orm.migrator.up({ transaction: em.getTransactionContext()! });
      return ran.map(({ name }) => name);
    }),
  );
}

/** The names of migrations that have not run; changes nothing. */
export async function pendingMigrations(url: string): Promise<string[]> {
  return withMigrator(url, async (orm) => (await orm.migrator.getPending()).map(({ name }) => name));
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
        tableName: 'regain_migration',
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
