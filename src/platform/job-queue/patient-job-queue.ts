import { setTimeout } from 'node:timers/promises';
import { causeOf, JobQueue, type JobQueueOptions } from './job-queue.js';

interface PatientJobQueueOptions extends JobQueueOptions {
  /** sets up the work on a started queue; if it rejects, it is called again with a new queue */
  readonly begin: (queue: JobQueue) => Promise<void>;
  /**
   * called after each failed attempt with the trouble, in the format of `onTrouble`, and the delay until the next
   * attempt
   */
  readonly onFailure: (trouble: string, againInSeconds: number) => void;
  /** called once a start succeeds after failures */
  readonly onRecovery: () => void;
}

/** Seconds until the second attempt; each further delay doubles, up to a minute. */
const FIRST = 1;
const LONGEST = 60;

/**
 * Starts a job queue and keeps trying: an operator may grant missing rights or create the schema while the process
 * runs.
 */
export class PatientJobQueue {
  #queue: JobQueue | undefined;
  #trying: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(private readonly options: PatientJobQueueOptions) {}

  /** Resolves after the first attempt, even if it failed; retries continue in the background. */
  async start(): Promise<void> {
    if (!(await this.#try(FIRST))) this.#trying = this.#keepTrying();
  }

  /** @param grace milliseconds for running batches to finish */
  async stop(grace: number): Promise<void> {
    this.#stopping.abort();
    await Promise.race([this.#trying, setTimeout(grace, undefined, { ref: false })]);
    await this.#queue?.stop(grace);
  }

  async #keepTrying(): Promise<void> {
    const { signal } = this.#stopping;
    for (let seconds = FIRST; !signal.aborted;) {
      await setTimeout(seconds * 1000, undefined, { ref: false, signal }).catch(() => undefined);
      if (signal.aborted) return;
      seconds = Math.min(seconds * 2, LONGEST);
      if (await this.#try(seconds)) return this.options.onRecovery();
    }
  }

  /**
   * Uses a new queue for each attempt: one that failed halfway may have workers, which must not run beside the new
   * ones.
   */
  async #try(againInSeconds: number): Promise<boolean> {
    const queue = new JobQueue(this.options);
    try {
      await queue.start();
      await this.options.begin(queue);
    } catch (error) {
      this.options.onFailure(causeOf(error), againInSeconds);
      await queue.stop(0).catch(() => undefined);
      return false;
    }
    if (this.#stopping.signal.aborted) await queue.stop(0).catch(() => undefined);
    else this.#queue = queue;
    return true;
  }
}
