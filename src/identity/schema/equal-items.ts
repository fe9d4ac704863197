import { isObject } from './keyword.js';

/** A text that is the same for equal JSON values: members sorted, `1` and `1.0` alike. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value === 0 ? 0 : value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** Pairs reported for one list. */
const MOST = 20;

/**
 * Index pairs of equal items, lower index first, each pair once, ordered by the second index; the first twenty. Takes
 * time linear in the number of items.
 */
export function equalItems(items: readonly unknown[]): [number, number][] {
  const places = new Map<string, number[]>();
  const pairs: [number, number][] = [];
  for (const [j, item] of items.entries()) {
    const key = canonical(item);
    const earlier = places.get(key);
    if (earlier === undefined) places.set(key, [j]);
    else {
      for (const i of earlier) pairs.push([i, j]);
      if (pairs.length >= MOST) return pairs.slice(0, MOST);
      earlier.push(j);
    }
  }
  return pairs;
}
