import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { Database } from '../../platform/database/index.js';
import { Random } from '../../platform/random/index.js';
import { KratosImportRuns, KratosImportTakenOver, PoolTooSmall } from '../kratos-import.errors.js';

/** One number for everybody who imports into a database. */
const LOCK = 7_264_138_301;

const TRY_LOCK = `SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`;
/** Whoever has the lock is alone: a run that still says it runs was killed. */
const BEGIN = `
  WITH ended AS (
    UPDATE kratos_import SET state = 'broken', ended_at = clock_timestamp() WHERE state = 'running' RETURNING 1)
  INSERT INTO kratos_import (id, network_id, state) VALUES (?, ?, 'running')`;
const COUNT = `
  UPDATE kratos_import SET identities = identities + ?, sessions = sessions + ?
  WHERE id = ? AND state = 'running' RETURNING 1`;
const END = `
  UPDATE kratos_import SET state = ?, ended_at = clock_timestamp() WHERE id = ? AND state = 'running'`;

/** Runs of the import: one at a time. The lock is a transaction's, and goes with its connection when the process is killed. */
@Injectable()
export class ImportRuns {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly regain: RegainConfig,
  ) {}

  /** Runs `work` alone. @throws KratosImportRuns, PoolTooSmall */
  async alone<T>(network: string, work: (run: string) => Promise<T>): Promise<T> {
    if (this.regain.database.pool < 2) throw new PoolTooSmall();
    const release = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = this.db.transaction(async (em) => {
      const [lock] = await all<{ mine: boolean }>(em, TRY_LOCK, []);
      if (lock?.mine !== true) throw new KratosImportRuns();
      locked.resolve();
      await release.promise;
    });
    // What breaks the lock while the work goes on is noticed by `count`.
    holding.catch((error: unknown) => locked.reject(error));
    try {
      await locked.promise;
      return await this.#run(network, work);
    } finally {
      release.resolve();
      await holding.catch(() => undefined);
    }
  }

  /** In the transaction that writes: the run must still be ours. @throws KratosImportTakenOver */
  async count(em: SqlEntityManager, run: string, identities: number, sessions: number): Promise<void> {
    if ((await all(em, COUNT, [identities, sessions, run])).length === 0) throw new KratosImportTakenOver();
  }

  async #run<T>(network: string, work: (run: string) => Promise<T>): Promise<T> {
    const run = this.random.uuid();
    await this.db.transaction((em) => all(em, BEGIN, [run, network]));
    try {
      const result = await work(run);
      await this.db.transaction((em) => all(em, END, ['ended', run]));
      return result;
    } catch (error) {
      await this.db.transaction((em) => all(em, END, ['broken', run])).catch(() => undefined);
      throw error;
    }
  }
}

async function all<Row extends object>(em: SqlEntityManager, sql: string, values: unknown[]): Promise<Row[]> {
  return em.getConnection().execute<Row[]>(sql, values, 'all', em.getTransactionContext());
}
