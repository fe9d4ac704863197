import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { Database } from '../../platform/database/index.js';
import { Random } from '../../platform/random/index.js';
import { KratosImportRuns, KratosImportTakenOver, PoolTooSmall } from '../kratos-import.errors.js';
import type { KratosImportOutcome } from '../kratos-import.report.js';
import { RunEvents, type RunRow } from './run-events.js';

/** The advisory lock shared by all imports into a database. */
const LOCK = 7_264_138_301;

const TRY_LOCK = `SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`;
const RUN = 'id, network_id AS network, identities, sessions';
/** Runs under the lock: a run still marked `running` was killed. */
const BREAK_KILLED = `
  UPDATE kratos_import SET state = 'broken', ended_at = clock_timestamp() WHERE state = 'running' RETURNING ${RUN}`;
const BEGIN = `INSERT INTO kratos_import (id, network_id, state) VALUES (?, ?, 'running')`;
const COUNT = `
  UPDATE kratos_import SET identities = identities + ?, sessions = sessions + ?
  WHERE id = ? AND state = 'running' RETURNING 1`;
const END = `
  UPDATE kratos_import SET state = ?, ended_at = clock_timestamp() WHERE id = ? AND state = 'running' RETURNING ${RUN}`;

type Work = (run: string) => Promise<KratosImportOutcome>;

/** Allows one import run at a time. The lock belongs to a transaction, so it is released if the process is killed. */
@Injectable()
export class ImportRuns {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly regain: RegainConfig,
    private readonly events: RunEvents,
  ) {}

  /** Runs `work` exclusively, and records its beginning and end in the audit trail. @throws KratosImportRuns, KratosImportTakenOver, PoolTooSmall */
  async alone(network: string, work: Work): Promise<KratosImportOutcome> {
    if (this.regain.database.pool < 2) throw new PoolTooSmall();
    const release = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = this.db.transaction(async (em) => {
      const [lock] = await all<{ mine: boolean }>(em, TRY_LOCK, []);
      if (lock?.mine !== true) throw new KratosImportRuns();
      locked.resolve();
      await release.promise;
    });
    // If the lock breaks during the work, `count` notices.
    holding.catch((error: unknown) => locked.reject(error));
    try {
      await locked.promise;
      return await this.#run(network, work);
    } finally {
      release.resolve();
      await holding.catch(() => undefined);
    }
  }

  /** Called in the writing transaction; checks that the run is still ours. @throws KratosImportTakenOver */
  async count(em: SqlEntityManager, run: string, identities: number, sessions: number): Promise<void> {
    if ((await all(em, COUNT, [identities, sessions, run])).length === 0) throw new KratosImportTakenOver();
  }

  async #run(network: string, work: Work): Promise<KratosImportOutcome> {
    const run = await this.#begin(network);
    try {
      const outcome = await work(run);
      const ended = await this.#end(run, 'ended', (em, row) => this.events.ended(em, row, outcome));
      if (!ended) throw new KratosImportTakenOver();
      return outcome;
    } catch (error) {
      // If the database is lost, the row stays `running`, and the next run finds it.
      await this.#end(run, 'broken', (em, row) => this.events.failed(em, row)).catch(() => undefined);
      throw error;
    }
  }

  async #begin(network: string): Promise<string> {
    const run = this.random.uuid();
    await this.db.transaction(async (em) => {
      for (const killed of await all<RunRow>(em, BREAK_KILLED, [])) await this.events.killed(em, killed, run);
      await all(em, BEGIN, [run, network]);
      await this.events.begun(em, run, network);
    });
    return run;
  }

  /** Resolves to whether the run was still ours. If not, another run has already recorded its end. */
  async #end(
    run: string,
    state: 'ended' | 'broken',
    tell: (em: SqlEntityManager, row: RunRow) => Promise<void>,
  ): Promise<boolean> {
    return this.db.transaction(async (em) => {
      const [row] = await all<RunRow>(em, END, [state, run]);
      if (row !== undefined) await tell(em, row);
      return row !== undefined;
    });
  }
}

async function all<Row extends object>(em: SqlEntityManager, sql: string, values: unknown[]): Promise<Row[]> {
  return em.getConnection().execute<Row[]>(sql, values, 'all', em.getTransactionContext());
}
