/** Milliseconds that a message may take before it makes room for others: so many times what messages usually take. */
const TIMES = 4;
const SHORTEST = 250;
const LONGEST = 2_000;
/** While nothing is known of the server. */
const AT_FIRST = 1_000;
/** How much the latest message says about the usual one. */
const WEIGHT = 0.1;

/**
 * How long a message may hold its place. What is slow depends on the server: one that scans every message for a second is
 * not overrun with connections, and one that answers at once does not wait for the message that it never answers.
 */
export class Patience {
  #usual: number | undefined;

  get milliseconds(): number {
    if (this.#usual === undefined) return AT_FIRST;
    return Math.min(Math.max(this.#usual * TIMES, SHORTEST), LONGEST);
  }

  /** @param milliseconds that a message took which was sent */
  learn(milliseconds: number): void {
    this.#usual = this.#usual === undefined ? milliseconds : this.#usual + (milliseconds - this.#usual) * WEIGHT;
  }
}
