/** Largest number of keys per limit that a node remembers. */
const MOST_REMEMBERED = 5_000;

interface Entry {
  /** when the window ends, in milliseconds of `performance.now()` */
  readonly ends: number;
  /** until when to trust this without asking the database */
  readonly believed: number;
}

/**
 * Remembers which keys of a limit are used up, so that a flood costs no statements. Another node can reset some limits;
 * entries for those are trusted only briefly.
 */
export class UsedUp {
  readonly #entries = new Map<string, Entry>();

  /** @param believedFor milliseconds; default: until the window ends */
  constructor(private readonly believedFor = Number.POSITIVE_INFINITY) {}

  add(key: string, milliseconds: number): void {
    if (this.#entries.size >= MOST_REMEMBERED) this.#entries.clear();
    const now = performance.now();
    this.#entries.set(key, { ends: now + milliseconds, believed: now + Math.min(milliseconds, this.believedFor) });
  }

  /** Milliseconds until the window ends; 0 if nothing is known. */
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
