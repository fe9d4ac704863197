import { isMap } from './keys.js';

/** Unchecked values from YAML files and the environment. */
export type Tree = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

/** Merges maps and replaces everything else; `later` wins. */
export function mergeTrees(earlier: Tree, later: Tree): Tree {
  const merged = new Map(Object.entries(earlier));
  for (const [name, value] of Object.entries(later)) {
    const before = merged.get(name);
    merged.set(name, isMap(before) && isMap(value) ? mergeTrees(before, value) : value);
  }
  return Object.fromEntries(merged);
}

export function valueAt(tree: unknown, path: Path): unknown {
  let at = tree;
  for (const step of path) {
    if (typeof step === 'number') at = Array.isArray(at) ? (at as unknown[])[step] : undefined;
    else at = isMap(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** A copy of the tree with one value set. Creates missing maps and lists on the way. */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(tree) ? [...(tree as unknown[])] : [];
    list[step] = withValue(list[step], rest, value);
    return list;
  }
  const map = isMap(tree) ? tree : {};
  return { ...map, [step]: withValue(Object.hasOwn(map, step) ? map[step] : undefined, rest, value) };
}

/** A copy of the tree without the key. */
export function withoutPath(tree: Tree, path: readonly string[]): Tree {
  const [step, ...rest] = path;
  if (step === undefined || !Object.hasOwn(tree, step)) return tree;
  const below = tree[step];
  if (rest.length > 0) return isMap(below) ? { ...tree, [step]: withoutPath(below, rest) } : tree;
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== step));
}

/** `secrets.cookie[0]` */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
