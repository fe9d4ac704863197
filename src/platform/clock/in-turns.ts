import { setImmediate } from 'node:timers/promises';

/** Milliseconds that everybody else may wait for one piece of a longer work. */
const TURN = 20;

/** A longer work that lets others have their turn. */
export class Turns {
  #began = performance.now();

  /** Called between two pieces: waits for the others where this work has taken a while. */
  async pass(): Promise<void> {
    if (performance.now() - this.#began < TURN) return;
    await setImmediate();
    this.#began = performance.now();
  }
}

/** `work` for each item, in order; others get their turn in between. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  const turns = new Turns();
  for (const [index, item] of items.entries()) {
    results.push(work(item, index));
    await turns.pass();
  }
  return results;
}
