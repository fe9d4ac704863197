import { Unavailable } from '../../platform/errors/index.js';

/** Of one owner, who may wait apart from strangers. */
const PLACES = 2;

type Turn = () => void;

/**
 * Runs at most `concurrency` pieces of work at once; up to `queue` more wait, in order; the rest is refused. Owners, who have shown
 * that they are no strangers, have two places each in a line of their own, which goes first: no crowd keeps them out.
 */
export class BoundedQueue {
  #running = 0;
  readonly #strangers: Turn[] = [];
  readonly #owners: { owner: string; turn: Turn }[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly queue: number,
  ) {}

  /** @param owner whose work it is, where that is known @throws Unavailable when nobody may wait any more */
  async run<T>(work: () => Promise<T>, owner?: string): Promise<T> {
    if (this.#running < this.concurrency) this.#running++;
    else await this.#turn(owner);
    try {
      return await work();
    } finally {
      // The place is handed on, not freed: nobody overtakes who waits.
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
