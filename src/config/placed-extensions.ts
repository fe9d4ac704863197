import { isMap } from './keys.js';
import { type Tree, withValue } from './tree.js';

export const AT = 'extensions';
/** Below it, beside one key for each extension's section. */
export const LOAD = 'load';

/** `extensions: [module, …]` is short for `extensions: { load: [module, …] }`. Each module remembers the file's directory. */
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
