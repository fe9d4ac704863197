import { Unavailable } from '../../platform/errors/index.js';

/** Runs at most `concurrency` pieces of work at once; up to `queue` more wait, in order; the rest is refused. */
export class BoundedQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly queue: number,
  ) {}

  /** @throws Unavailable when nobody may wait any more */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.concurrency) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      // The place is handed on, not freed: nobody overtakes who waits.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.queue)
      throw new Unavailable('Too many passwords are being checked at the moment. Please try again.');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
