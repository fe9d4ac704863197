import { setTimeout } from 'node:timers/promises';

/**
 * Longest anyone waits for, or holds, a turn, in milliseconds: a relay that scans each message is no reason to queue.
 */
const PATIENCE = 150;

/** One message's passage through the critical moment. */
export interface Turn {
  /** Resolves when no other message is in it, or when waiting takes too long. */
  take(): Promise<void>;
  /** Call when the message's outcome is recorded, or when it never got that far. */
  end(): void;
}

/**
 * Between a message's last byte and the row that records it as sent, a crash produces a duplicate. Only one message at
 * a time is in that moment, so one crash produces at most one duplicate. If a server is slow to acknowledge the last
 * byte, other messages go ahead without a turn.
 */
export class Turns {
  /** the queue, in order, with the callback that grants the turn */
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
