import type { Clock } from '../../../platform/clock/index.js';

interface Times {
  /** milliseconds that a value stays fresh */
  readonly fresh: number;
  /** milliseconds without a new request after a failure */
  readonly pause: number;
}

/**
 * A cached value that takes a request to get. Only one caller requests it at a time. If it can't be renewed, the old
 * one stays in use; if there is none, all callers fail for a short time, so that nobody waits again.
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

  /** The cached value; makes no request. */
  get known(): T | undefined {
    return this.#value?.value;
  }

  /** Stores a newer value. */
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
