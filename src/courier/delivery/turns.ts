import { setTimeout } from 'node:timers/promises';

/** Milliseconds. Longer nobody waits for a turn, and nobody is waited for: a relay that looks into each message is no reason to queue. */
const PATIENCE = 150;

/** One message's way through its last moment. */
export interface Turn {
  /** Resolves when nobody else is in it, or when that takes too long. */
  take(): Promise<void>;
  /** What became of the message is written down, or it never came so far. */
  end(): void;
}

/**
 * Between a message's last byte and the row that says that it was sent lies the moment in which a crash makes a duplicate.
 * One message at a time is in it, so that one crash makes one duplicate at most. A server that takes long with the last byte does not
 * hold up the others: they go without a turn.
 */
export class Turns {
  /** who comes next, in order, and how they are told */
  readonly #waiting = new Map<symbol, () => void>();
  #inside: symbol | undefined;

  constructor(private readonly patience = PATIENCE) {}

  next(): Turn {
    const me = Symbol('turn');
    return {
      take: async () => {
        if (this.#inside === undefined) this.#inside = me;
        else await this.#wait(me);
        void this.#later().then(() => this.#leave(me));
      },
      end: () => this.#leave(me),
    };
  }

  async #wait(me: symbol): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(me, resolve);
    await Promise.race([promise, this.#later()]);
    this.#waiting.delete(me);
  }

  #leave(who: symbol): void {
    if (this.#inside !== who) return;
    const [next] = this.#waiting;
    this.#inside = next?.[0];
    if (next) this.#waiting.delete(next[0]);
    next?.[1]();
  }

  #later(): Promise<void> {
    return setTimeout(this.patience, undefined, { ref: false });
  }
}
