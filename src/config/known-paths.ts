import { FileShape } from './file-shape.js';
import { keysOf, type SectionClass } from './keys.js';
import { KRATOS_KEYS } from './kratos-keys.table.js';

/** Every path that means something to Regain or to Kratos; places in lists do not count. */
export function knownPaths(): readonly string[] {
  known ??= [...new Set([...ownPaths(), ...KRATOS_KEYS.map(({ path }) => path)])];
  return known;
}

/** The paths that Regain reads, sections and lists included. */
export function ownPaths(): readonly string[] {
  own ??= pathsOf(FileShape, '');
  return own;
}

/** What the keys directly below a path are called. */
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
