import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Inject } from '@nestjs/common';
import { Database } from '../platform/database/index.js';

/**
 * The tables of one extension. Names without a schema are its own; what names a table elsewhere is refused before it reaches
 * PostgreSQL. Its transactions are its own: they do not commit together with ours.
 */
export class GuestDatabase {
  /** @param schema of the extension @param db on connections of its own */
  constructor(
    readonly schema: string,
    private readonly db: Database,
  ) {}

  /** Runs `work` in one transaction; called inside another one of the same extension, it joins that one. */
  transaction<T>(work: (em: SqlEntityManager) => Promise<T>): Promise<T> {
    return this.db.transaction(async (em) => {
      await em.execute(lookingIn(this.schema));
      return work(em);
    });
  }

  /**
   * One statement with `?` for its values. timestamptz comes back as Date.
   * @throws ForeignTable; Unavailable where the database is away or too slow
   */
  run<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.transaction((em) => em.execute<Row[]>(sql, [...values]));
  }
}

/** For the transaction only: a pooler in front may hand the connection to somebody else afterwards. */
export const lookingIn = (schema: string): string => `SET LOCAL search_path TO ${schema}`;

/** The injection token of an extension's database. */
export const databaseToken = (extension: string): symbol => Symbol.for(`regain.extension-database.${extension}`);

/** Injects the database of the extension of that name. */
export const InjectDatabase = (extension: string): ParameterDecorator & PropertyDecorator =>
  Inject(databaseToken(extension));
