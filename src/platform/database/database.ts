import { AsyncLocalStorage } from 'node:async_hooks';
import { MikroORM } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import pg, { type Pool } from 'pg';
import { translateDriverError } from './driver-errors.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { onConnection } from './guarded-pool.js';
import { type NamedStatement, valuesOf } from './named.js';
import { readJsonExactly, readTimesExactly } from './exact-types.js';
import { spendBudget, withBudgetAnew, withinBudget } from './request-budget.js';

const TYPES = readTimesExactly(readJsonExactly(new pg.TypeOverrides()));
/** Milliseconds within which a healthy database answers. */
const PING = 1_500;

/** The two ways to PostgreSQL. Nothing else injects the ORM's EntityManager. */
@Injectable()
export class Database {
  readonly #open = new AsyncLocalStorage<{ em: SqlEntityManager; transactional: boolean }>();
  #pool: Pool | undefined;

  constructor(
    private readonly orm: MikroORM,
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
  ) {}

  /** Runs `work` in an ORM transaction on its own fork. Inside an open transaction, joins it instead. */
  async transaction<T>(work: (em: SqlEntityManager) => Promise<T>): Promise<T> {
    const open = this.#open.getStore();
    if (open?.transactional) return work(open.em);
    const fork = this.orm.em.fork() as SqlEntityManager;
    return this.#translated('transaction', () =>
      fork.transactional((em) =>
        this.#open.run({ em: em as SqlEntityManager, transactional: true }, () => work(em as SqlEntityManager)),
      ),
    );
  }

  /** Runs `work` on its own fork, without a transaction. Inside an open one, reads through it. */
  async read<T>(work: (em: SqlEntityManager) => Promise<T>): Promise<T> {
    const open = this.#open.getStore();
    if (open) return work(open.em);
    const em = this.orm.em.fork() as SqlEntityManager;
    return this.#translated('read', () => this.#open.run({ em, transactional: false }, () => work(em)));
  }

  /**
   * Runs one named prepared statement with `$1` placeholders on the pool. timestamptz comes back as Instant, bytea as
   * Buffer.
   * Throws when called inside a transaction, because the statement would run outside it.
   */
  async statement<Row extends object>(name: string, sql: string, values: unknown[]): Promise<Row[]> {
    if (this.#open.getStore()?.transactional) throw new Error(`statement ${name} was called inside a transaction`);
    return this.#translated(name, async () => {
      const pool = (this.#pool ??= await this.#nativePool());
      const prepared = this.options.prepared ? { name } : {};
      return (await onConnection<Row>(pool, { ...prepared, text: sql, values, types: TYPES })).rows;
    });
  }

  /** Runs a statement with named placeholders; ignores values that have no placeholder in it. */
  run<Row extends object>(statement: NamedStatement, values: Readonly<Record<string, unknown>>): Promise<Row[]> {
    return this.statement<Row>(statement.name, statement.text, valuesOf(statement, values));
  }

  /** Resolves when the database answers; rejects with Unavailable if it does not within two seconds. */
  async ping(): Promise<void> {
    await withinBudget(PING, () => this.statement('ping', 'SELECT 1', []));
  }

  /** Runs one of several independent parts of a request with a fresh time budget. */
  apart<T>(work: () => T): T {
    return withBudgetAnew(work);
  }

  async #nativePool(): Promise<Pool> {
    const connection = this.orm.em.getConnection() as unknown as { getNativeClient(): Promise<Pool> };
    return connection.getNativeClient();
  }

  async #translated<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await spendBudget(work);
    } catch (error) {
      throw translateDriverError(error, name);
    }
  }
}
