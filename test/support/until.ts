import { setTimeout } from 'node:timers/promises';

/**
 * Polls until there is a result.
 * @param patience milliseconds
 * @throws Error that names what did not happen
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patience = 25_000,
): Promise<T> {
  const limit = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > limit) throw new Error(`waited in vain: ${what}`);
    await setTimeout(25);
  }
}
