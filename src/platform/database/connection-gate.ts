import type { Socket } from 'node:net';
import type { Pool } from 'pg';

/** @param error none if the connection is ready */
type Told = (error?: Error | null) => void;

/** Members of the pool and of its clients that the type declarations leave out. */
interface Connecting {
  readonly connection: { readonly stream: Socket };
  connect(told: Told): void;
}
interface Making {
  Client: new (config: unknown) => Connecting;
}

/**
 * Lets a pool make one connection attempt at a time, from a failure to the next success; otherwise any number. A frozen server accepts
 * connections without answering, and afterwards has to work through all of them, abandoned or not, before it serves anyone.
 * An attempt that waits here occupies a slot of the pool, and the pool's connection timeout ends it like any other.
 */
export class ConnectionGate {
  #open = true;
  #running = 0;
  /** The latest is last and goes first, because it has the most time left. */
  #waiting: (() => void)[] = [];

  constructor(pool: Pool) {
    const making = pool as unknown as Making;
    const enter = this.#enter.bind(this);
    making.Client = class extends making.Client {
      override connect(told: Told): void {
        enter(this.connection.stream, (ended) => super.connect(ended), told);
      }
    };
  }

  /** Call when the server has gone silent. */
  close(): void {
    this.#open = false;
  }

  #enter(stream: Socket, connect: (ended: Told) => void, told: Told): void {
    const start = (): void => {
      stream.off('close', giveUp);
      this.#running++;
      connect((error) => this.#ended(error, told));
    };
    const giveUp = (): void => {
      this.#waiting = this.#waiting.filter((each) => each !== start);
      told(new Error('Connection terminated before its turn'));
    };
    if (this.#open || this.#running === 0) return start();
    stream.once('close', giveUp);
    this.#waiting.push(start);
  }

  #ended(error: Error | null | undefined, told: Told): void {
    this.#running--;
    this.#open = !error;
    if (this.#open) for (const start of this.#waiting.splice(0)) start();
    told(error);
    if (this.#running === 0) this.#waiting.pop()?.();
  }
}
