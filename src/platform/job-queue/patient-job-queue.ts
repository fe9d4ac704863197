import { setTimeout } from 'node:timers/promises';
import { JobQueue, type JobQueueOptions, nameOf } from './job-queue.js';

interface PatientJobQueueOptions extends JobQueueOptions {
  /** begins the work on a queue that has started; called again with another one where it rejects */
  readonly begin: (queue: JobQueue) => Promise<void>;
  /** told of each try that failed, as `onTrouble` is, and when the next one comes */
  readonly onFailure: (trouble: string, againInSeconds: number) => void;
  /** told when it has started after all */
  readonly onRecovery: () => void;
}

/** Seconds until the second try; each further one waits twice as long, up to a minute. */
const FIRST = 1;
const LONGEST = 60;

/** Starts a job queue, however long that takes: what it lacks now, somebody may grant or make while the process runs. */
export class PatientJobQueue {
  #queue: JobQueue | undefined;
  #trying: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(private readonly options: PatientJobQueueOptions) {}

  /** Resolves after the first try, whatever came of it; the others are made behind the caller's back. */
  async start(): Promise<void> {
    if (!(await this.#try(FIRST))) this.#trying = this.#keepTrying();
  }

  /** @param grace milliseconds that what is under way gets */
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

  /** A queue of its own for each try: one that failed half-way has workers that must not run beside the next one's. */
  async #try(againInSeconds: number): Promise<boolean> {
    const queue = new JobQueue(this.options);
    try {
      await queue.start();
      await this.options.begin(queue);
    } catch (error) {
      this.options.onFailure(nameOf(error), againInSeconds);
      await queue.stop(0).catch(() => undefined);
      return false;
    }
    if (this.#stopping.signal.aborted) await queue.stop(0).catch(() => undefined);
    else this.#queue = queue;
    return true;
  }
}
