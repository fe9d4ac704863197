import { slips } from './slips.js';

/**
 * The name that was probably meant: the nearest one within `edits`. A wrong, missing, extra or transposed letter is one
 * edit.
 * Ignores case, and treats `camelCase` and `snake_case` alike.
 */
export function nearestName(given: string, names: readonly string[], edits: number): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: slips(plain(given), plain(name)) }))
    .filter(({ distance }) => distance <= edits)
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
}

const plain = (name: string): string => name.slice(0, 100).replaceAll(/[-_]/g, '').toLowerCase();
