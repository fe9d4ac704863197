/** Keys of one limit that a node remembers. */
const MOST_REMEMBERED = 5_000;

interface Entry {
  /** milliseconds of `performance.now()`: when the window ends */
  readonly ends: number;
  /** until when that is believed without asking */
  readonly believed: number;
}

/**
 * Which keys of a limit are used up, so that a flood costs no statements. What may be forgiven on another node is believed for
 * a moment only.
 */
export class UsedUp {
  readonly #entries = new Map<string, Entry>();

  /** @param believedFor milliseconds; until the window ends where absent */
  constructor(private readonly believedFor = Number.POSITIVE_INFINITY) {}

  add(key: string, milliseconds: number): void {
    if (this.#entries.size >= MOST_REMEMBERED) this.#entries.clear();
    const now = performance.now();
    this.#entries.set(key, { ends: now + milliseconds, believed: now + Math.min(milliseconds, this.believedFor) });
  }

  /** Milliseconds until the window ends; 0 where nothing is known. */
  left(key: string): number {
    const entry = this.#entries.get(key);
    if (entry === undefined) return 0;
    const now = performance.now();
    if (now < entry.believed) return entry.ends - now;
    this.#entries.delete(key);
    return 0;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
