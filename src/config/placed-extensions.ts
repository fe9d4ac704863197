import { isMap } from './keys.js';
import { type Tree, withValue } from './tree.js';

export const AT = 'extensions';
/** The key of the list, beside the sections of the extensions. */
export const LOAD = 'load';

/** Expands `extensions: [module, …]` to `extensions: { load: [module, …] }`, and stores the file's directory with each module. */
export function withPlacedExtensions(tree: Tree, folder: string): Tree {
  const given = tree[AT];
  const modules = Array.isArray(given) ? (given as unknown[]) : isMap(given) ? given[LOAD] : undefined;
  if (!Array.isArray(modules)) return tree;
  const placed = modules.map((module: unknown) => (typeof module === 'string' ? { module, from: folder } : module));
  return withValue(
    tree,
    Array.isArray(given) ? [AT] : [AT, LOAD],
    Array.isArray(given) ? { [LOAD]: placed } : placed,
  ) as Tree;
}
