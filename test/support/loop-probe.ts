import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

const PROBE = pathToFileURL(resolve('test/support/loop-probe.mjs')).href;
/** Milliseconds: whatever still runs when the answer has come shows itself by then. */
const AFTERWARDS = 20;

/** How long the event loop of a server process is kept busy, measured from within. */
export class LoopProbe {
  readonly #socket: string;

  /** @param directory of the process: the socket is in it */
  constructor(directory: string) {
    this.#socket = join(directory, 'loop.sock');
  }

  /** What the process is started with. */
  get env(): Record<string, string> {
    return { NODE_OPTIONS: `--import ${PROBE}`, LOOP_PROBE: this.#socket };
  }

  /** The longest that the main thread computed between two turns of the loop during `work`: milliseconds of a processor. */
  async longest<T>(work: () => Promise<T>): Promise<{ blocked: number; result: T }> {
    await this.#read();
    const result = await work();
    await setTimeout(AFTERWARDS);
    return { blocked: await this.#read(), result };
  }

  async #read(): Promise<number> {
    return Number(await text(connect(this.#socket)));
  }
}
