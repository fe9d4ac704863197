import type { HashFate } from '../../identity/privileged.js';
import type { Finding, Found, HashCount } from '../kratos-import.report.js';

const MOST_IDS = 1_000;

/** Counts findings and stores the first ids, never a value. */
export class Tally {
  readonly #found = new Map<string, { finding: Finding; detail: string; count: number; ids: string[] }>();
  readonly #hashes = new Map<string, { kind: string; fate: HashFate['fate']; count: number }>();

  add(identityId: string, finding: Finding, detail = ''): void {
    const key = `${finding} ${detail}`;
    const entry = this.#found.get(key) ?? { finding, detail, count: 0, ids: [] };
    this.#found.set(key, entry);
    entry.count++;
    if (entry.ids.length < MOST_IDS && entry.ids.at(-1) !== identityId) entry.ids.push(identityId);
  }

  addHash({ kind, fate }: HashFate): void {
    const key = `${kind} ${fate}`;
    const entry = this.#hashes.get(key) ?? { kind, fate, count: 0 };
    this.#hashes.set(key, entry);
    entry.count++;
  }

  found(): Found[] {
    return [...this.#found.values()].sort((a, b) => compare(`${a.finding} ${a.detail}`, `${b.finding} ${b.detail}`));
  }

  hashes(): HashCount[] {
    return [...this.#hashes.values()].sort((a, b) => b.count - a.count || compare(a.kind, b.kind));
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
