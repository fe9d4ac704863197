/** Seconds until the first try after a failure, how it grows, and where it stops: 30 s, 2 min, 8 min, 32 min, 2 h, 2 h … */
const FIRST = 30;
const FACTOR = 4;
const LONGEST = 7_200;

/** Seconds that a server that cannot be talked to is left alone: 5, 10, 20 … 300. */
const FIRST_PAUSE = 5;
const LONGEST_PAUSE = 300;

/** A fifth more or less, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * Seconds until a message is tried again. With Kratos' five retries the tries span nearly three hours.
 * @param failures of this message so far, from 1 on
 * @param chance from 0 to 1
 */
export function retryAfter(failures: number, chance: number): number {
  return jittered(Math.min(FIRST * FACTOR ** (failures - 1), LONGEST), chance);
}

/**
 * Leaves a server alone that cannot be talked to. While it is away messages lose no try: they wait until it is back, or
 * until what they say has expired.
 */
export class Pause {
  #troubles = 0;
  #until = 0;

  /** @param now milliseconds that never run backwards */
  constructor(private readonly now: () => number) {}

  /** Seconds that are left. */
  get left(): number {
    return Math.max(0, (this.#until - this.now()) / 1000);
  }

  /** Seconds that it begins with now. Troubles of tries that ran side by side are one trouble. */
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
