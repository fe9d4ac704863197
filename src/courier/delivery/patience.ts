/** A message may take this many times the usual duration before it makes room for others. */
const TIMES = 4;
const SHORTEST = 250;
const LONGEST = 2_000;
/** Milliseconds, until anything is known about the server. */
const AT_FIRST = 1_000;
/** Weight of the latest message in the average. */
const WEIGHT = 0.1;

/**
 * How long a message may keep its place. What counts as slow depends on the server: one that scans each message for a
 * second is not flooded with connections, and one that normally answers at once does not block on a single stuck
 * message.
 */
export class Patience {
  #usual: number | undefined;

  get milliseconds(): number {
    if (this.#usual === undefined) return AT_FIRST;
    return Math.min(Math.max(this.#usual * TIMES, SHORTEST), LONGEST);
  }

  /** @param milliseconds duration of a message that was sent */
  learn(milliseconds: number): void {
    this.#usual = this.#usual === undefined ? milliseconds : this.#usual + (milliseconds - this.#usual) * WEIGHT;
  }
}
