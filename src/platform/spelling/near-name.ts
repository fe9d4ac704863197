import { slips } from './slips.js';

/**
 * The name that was probably meant: the nearest one within `edits`, where a letter that is wrong, missing, too many or swapped
 * with its neighbour is one edit. Upper and lower case are the same, and so are `camelCase` and `snake_case`.
 */
export function nearestName(given: string, names: readonly string[], edits: number): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: slips(plain(given), plain(name)) }))
    .filter(({ distance }) => distance <= edits)
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
}

const plain = (name: string): string => name.slice(0, 100).replaceAll(/[-_]/g, '').toLowerCase();
