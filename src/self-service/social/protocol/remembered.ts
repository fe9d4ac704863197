import type { Clock } from '../../../platform/clock/index.js';

interface Times {
  /** milliseconds that a value is good for */
  readonly fresh: number;
  /** milliseconds after a failure in which nobody asks again */
  readonly pause: number;
}

/**
 * A value that takes a request to get: asked for by one caller at a time, remembered for a while. Where it cannot be had anew, the
 * old one goes on; where there is none, the failure is everybody's for a short time, so that nobody waits for it again.
 */
export class Remembered<T> {
  #value: { readonly value: T; readonly until: number } | undefined;
  #failure: { readonly error: unknown; readonly until: number } | undefined;
  #asked: Promise<T> | undefined;

  constructor(
    private readonly ask: () => Promise<T>,
    private readonly times: Times,
    private readonly clock: Clock,
  ) {}

  /** What is known without asking. */
  get known(): T | undefined {
    return this.#value?.value;
  }

  /** Something newer is known. */
  replace(value: T): void {
    this.#value = { value, until: this.clock.monotonic() + this.times.fresh };
  }

  async get(): Promise<T> {
    const now = this.clock.monotonic();
    if (this.#value && now < this.#value.until) return this.#value.value;
    if (this.#failure && now < this.#failure.until) return this.#old(this.#failure.error);
    this.#asked ??= this.#askOnce().finally(() => (this.#asked = undefined));
    return this.#asked;
  }

  async #askOnce(): Promise<T> {
    try {
      const value = await this.ask();
      this.replace(value);
      this.#failure = undefined;
      return value;
    } catch (error) {
      this.#failure = { error, until: this.clock.monotonic() + this.times.pause };
      return this.#old(error);
    }
  }

  #old(error: unknown): T {
    if (this.#value) return this.#value.value;
    throw error;
  }
}
