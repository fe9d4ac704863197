import { setTimeout } from 'node:timers/promises';
import { type Db, type Job, PgBoss } from 'pg-boss';
import pg from 'pg';
import { guardPool, onConnection, troubleOf } from '../database/index.js';
import { QUEUE_SCHEMA, type QueueName } from './names.js';

export interface JobQueueOptions {
  /** postgres:// URL; past a transaction pooler where there is one, though nothing here needs a session */
  readonly url: string;
  /** told what went wrong, reduced to a name or SQLSTATE; the queue goes on by itself */
  readonly onTrouble: (trouble: string) => void;
}

interface Worker {
  readonly queue: QueueName;
  /** batches at the same time, and jobs a batch */
  readonly concurrency: number;
  readonly batch: number;
  /** ids of one batch; a rejection gives all of them back to the queue */
  readonly work: (ids: string[]) => Promise<void>;
}

/** Seconds between two looks into an empty queue; every batch that comes full is followed by another at once. */
const POLL = 1;
/** Seconds between two looks for jobs whose worker died. */
const WATCH = 10;
const CONNECTIONS = 3;
/** A worker's statements are short; one that is not has met trouble. */
const STATEMENT_TIMEOUT = 15_000;

/** Milliseconds in which batches that were not done are given back; where they are not, they expire. */
const GIVING_BACK = 1_000;

/** What the library says of a schema that is not there, or of another version. */
const UNPREPARED = /^pg-boss (is not installed|database requires migrations)$/;

/** The queue's schema is not there, or of another version: `regain migrate` makes it. */
class JobQueueUnprepared extends Error {
  constructor() {
    super('the job queue is not prepared');
    this.name = 'JobQueueUnprepared';
  }
}

/** The workers of this process. Connections of its own: neither does it wait for requests, nor they for it. */
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
    this.#pool.on('error', (error) => onTrouble(nameOf(error)));
    this.#pool.on('connect', (client) => client.on('error', () => undefined)); // the statement under way reports it
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
    this.#boss.on('error', (error) => onTrouble(nameOf(error)));
  }

  /** @throws JobQueueUnprepared where the schema is not there, or not of our version; errors of the driver */
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

  /** Runs the queue's worker on this schedule, on one node at a time. @param cron five fields, UTC */
  async schedule(queue: QueueName, cron: string): Promise<void> {
    await this.#boss.schedule(queue, cron);
  }

  /** @param grace milliseconds that batches under way get; what is not done then is given back, unless the database is away */
  async stop(grace: number): Promise<void> {
    const stopped = this.#boss.stop({ graceful: true, timeout: grace, close: false });
    try {
      await Promise.race([stopped, setTimeout(grace + GIVING_BACK, undefined, { ref: false })]);
    } finally {
      await this.#pool.end();
    }
  }
}

/** SQLSTATE, the system's code, why in words, or the error's name; never its message, which may quote values. */
export function nameOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string') return code;
  return troubleOf(error) ?? (error instanceof Error ? error.name : 'unknown');
}
