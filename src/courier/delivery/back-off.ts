/** Seconds until the first retry, the growth factor, and the limit: 30 s, 2 min, 8 min, 32 min, 2 h, 2 h … */
const FIRST = 30;
const FACTOR = 4;
const LONGEST = 7_200;

/** Seconds to leave an unreachable server alone: 5, 10, 20 … 300. */
const FIRST_PAUSE = 5;
const LONGEST_PAUSE = 300;

/** Plus or minus a fifth, so that messages that failed together do not retry together. */
const JITTER = 0.2;

/**
 * Seconds until the message is retried. With Kratos' five retries, the attempts span nearly three hours.
 * @param failures of this message so far, at least 1
 * @param chance random number from 0 to 1
 */
export function retryAfter(failures: number, chance: number): number {
  return jittered(Math.min(FIRST * FACTOR ** (failures - 1), LONGEST), chance);
}

/**
 * Leaves an unreachable server alone. Messages lose no attempt meanwhile: they wait until it is back, or until they
 * expire.
 */
export class Pause {
  #troubles = 0;
  #until = 0;

  /** @param now milliseconds from a clock that never runs backwards */
  constructor(private readonly now: () => number) {}

  /** Seconds left in the pause. */
  get left(): number {
    return Math.max(0, (this.#until - this.now()) / 1000);
  }

  /** Starts a pause and returns its length in seconds. Failures of parallel attempts count as one. */
  begin(chance: number): number {
    if (this.left > 0) return this.left;
    const seconds = jittered(Math.min(FIRST_PAUSE * 2 ** this.#troubles, LONGEST_PAUSE), chance);
    this.#troubles = Math.min(this.#troubles + 1, 20);
    this.#until = this.now() + seconds * 1000;
    return seconds;
  }

  end(): void {
    this.#troubles = 0;
    this.#until = 0;
  }
}

const jittered = (seconds: number, chance: number): number => seconds * (1 - JITTER + 2 * JITTER * chance);
