import { Unavailable } from '../../platform/errors/index.js';

/** Places for one owner in the owners' line. */
const PLACES = 2;

type Turn = () => void;

/**
 * Runs at most `concurrency` jobs at once. Up to `queue` more wait in order; further ones are refused. Owners, whose
 * identity is already proved, have two places each in a separate line that goes first, so a crowd of strangers can't
 * shut them out.
 */
export class BoundedQueue {
  #running = 0;
  readonly #strangers: Turn[] = [];
  readonly #owners: { owner: string; turn: Turn }[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly queue: number,
  ) {}

  /**
   * @param owner whose job it is, if known
   * @throws Unavailable if the queue is full
   */
  async run<T>(work: () => Promise<T>, owner?: string): Promise<T> {
    if (this.#running < this.concurrency) this.#running++;
    else await this.#turn(owner);
    try {
      return await work();
    } finally {
      // The slot is passed on, not freed, so no newcomer overtakes a waiting job.
      const next = this.#owners.shift()?.turn ?? this.#strangers.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #turn(owner: string | undefined): Promise<void> {
    if (owner !== undefined && this.#hasPlace(owner))
      return new Promise((resolve) => this.#owners.push({ owner, turn: resolve }));
    if (this.#strangers.length >= this.queue)
      throw new Unavailable('Too many passwords are being checked at the moment. Please try again.');
    return new Promise((resolve) => this.#strangers.push(resolve));
  }

  #hasPlace(owner: string): boolean {
    if (this.#owners.length >= Math.max(PLACES, this.queue)) return false;
    return this.#owners.filter((waiting) => waiting.owner === owner).length < PLACES;
  }
}
