import { setTimeout } from 'node:timers/promises';
import { type Db, type Job, PgBoss } from 'pg-boss';
import pg from 'pg';
import { guardPool, onConnection, troubleOf } from '../database/index.js';
import { codeOf, nameOf } from '../errors/index.js';
import { QUEUE_SCHEMA, type QueueName } from './names.js';

export interface JobQueueOptions {
  /** postgres:// URL; prefer one that bypasses a transaction pooler, though nothing here needs a session */
  readonly url: string;
  /** called with a name or SQLSTATE when something goes wrong; the queue keeps running */
  readonly onTrouble: (trouble: string) => void;
}

interface Worker {
  readonly queue: QueueName;
  /** number of parallel batches, and jobs per batch */
  readonly concurrency: number;
  readonly batch: number;
  /** does one batch of ids; a rejection returns the whole batch to the queue */
  readonly work: (ids: string[]) => Promise<void>;
}

/** Seconds between polls of an empty queue; after a full batch, the next poll follows at once. */
const POLL = 1;
/** Seconds between checks for jobs whose worker died. */
const WATCH = 10;
const CONNECTIONS = 3;
/** Milliseconds. A worker's statements are short; a slow one means trouble. */
const STATEMENT_TIMEOUT = 15_000;

/** Milliseconds to return unfinished batches to the queue; after that they expire there. */
const GIVING_BACK = 1_000;

/** The library's messages for a missing schema, or one of another version. */
const UNPREPARED = /^pg-boss (is not installed|database requires migrations)$/;

/** Thrown when the queue's schema is missing or has another version; `regain migrate` creates it. */
class JobQueueUnprepared extends Error {
  constructor() {
    super('the job queue is not prepared');
    this.name = 'JobQueueUnprepared';
  }
}

/**
 * The workers of this process. They have their own connections, so that workers and requests never wait for each other.
 */
export class JobQueue {
  readonly #pool: pg.Pool;
  readonly #boss: PgBoss;

  constructor({ url, onTrouble }: JobQueueOptions) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
      application_name: 'regain jobs',
    });
    this.#pool.on('error', (error) => onTrouble(causeOf(error)));
    guardPool(this.#pool, STATEMENT_TIMEOUT);
    this.#boss = new PgBoss({
      db: {
        executeSql: (text, values) => onConnection(this.#pool, values === undefined ? { text } : { text, values }),
      } satisfies Db,
      schema: QUEUE_SCHEMA,
      migrate: false,
      createSchema: false,
      reindex: false,
      monitorVacuum: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
      superviseIntervalSeconds: WATCH,
      monitorIntervalSeconds: WATCH,
      maintenanceIntervalSeconds: 300,
    });
    this.#boss.on('error', (error) => onTrouble(causeOf(error)));
  }

  /** @throws JobQueueUnprepared if the schema is missing or has another version; errors of the driver */
  async start(): Promise<void> {
    try {
      await this.#boss.start();
    } catch (error) {
      throw error instanceof Error && UNPREPARED.test(error.message) ? new JobQueueUnprepared() : error;
    }
  }

  async work({ queue, concurrency, batch, work }: Worker): Promise<void> {
    const options = {
      localConcurrency: concurrency,
      batchSize: batch,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: POLL,
    };
    await this.#boss.work<{ id?: string }>(queue, options, (jobs: Job<{ id?: string }>[]) =>
      work(jobs.map(({ data }) => data?.id ?? '')),
    );
  }

  /**
   * Runs the queue's worker on a schedule, on one node at a time.
   * @param cron five fields, UTC
   */
  async schedule(queue: QueueName, cron: string): Promise<void> {
    await this.#boss.schedule(queue, cron);
  }

  /**
   * @param grace milliseconds for running batches to finish; the rest is returned to the queue, unless the database is
   * down
   */
  async stop(grace: number): Promise<void> {
    const stopped = this.#boss.stop({ graceful: true, timeout: grace, close: false });
    try {
      await Promise.race([stopped, setTimeout(grace + GIVING_BACK, undefined, { ref: false })]);
    } finally {
      await this.#pool.end();
    }
  }
}

/** A code, a cause in words, or the error's class. Never its message, which can quote values. */
export const causeOf = (error: unknown): string => codeOf(error) ?? troubleOf(error) ?? nameOf(error);
