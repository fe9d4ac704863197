import { FileShape } from './file-shape.js';
import { keysOf, type SectionClass } from './keys.js';
import { KRATOS_KEYS } from './kratos-keys.table.js';

/** All paths known to Regain or Kratos, without list indexes. */
export function knownPaths(): readonly string[] {
  known ??= [...new Set([...ownPaths(), ...KRATOS_KEYS.map(({ path }) => path)])];
  return known;
}

/** All paths that Regain reads, including sections and lists. */
export function ownPaths(): readonly string[] {
  own ??= pathsOf(FileShape, '');
  return own;
}

/** The names of the keys directly below a path. */
export function namesBelow(parent: string): string[] {
  const above = parent === '' ? '' : `${parent}.`;
  const names = knownPaths()
    .filter((path) => path.startsWith(above))
    .map((path) => path.slice(above.length).split('.')[0] ?? '');
  return [...new Set(names)].filter((name) => name !== '' && name !== '*');
}

let known: readonly string[] | undefined;
let own: readonly string[] | undefined;

function pathsOf(shape: SectionClass, above: string): string[] {
  return keysOf(shape).flatMap((key) => {
    const path = `${above}${key.name}`;
    return key.shape === undefined ? [path] : [path, ...pathsOf(key.shape(), `${path}.`)];
  });
}
