import type { Problem } from './config.errors.js';
import type { Environment } from './environment.js';
import type { FoundExtension } from './extension-loader.js';
import { namesOf, nested } from './guest-section.js';
import { pathText, type Tree, withValue } from './tree.js';

/** Puts `EXTENSIONS_<NAME>_<KEY>` over what the files say; the type of the default says how the text is read. */
export function guestOverrides(
  sections: Tree,
  found: readonly FoundExtension[],
  env: Environment,
  problems: Problem[],
): { tree: Tree; keys: string[] } {
  let tree = sections;
  const keys: string[] = [];
  for (const { definition } of found) {
    if (definition.config === undefined) continue;
    for (const [path, fallback] of pathsOf(definition.config, [definition.name])) {
      const variable = ['extensions', ...path].join('_').replaceAll('-', '_').toUpperCase();
      const text = env[variable];
      if (text === undefined || text === '') continue;
      const value = readText(text, fallback);
      if (value === undefined) {
        problems.push({ path: variable, message: 'must be JSON' });
        continue;
      }
      tree = withValue(tree, path, value) as Tree;
      keys.push(pathText(['extensions', ...path]));
    }
  }
  return { tree, keys };
}

function* pathsOf(shape: new () => object, above: string[]): Generator<[path: string[], fallback: unknown]> {
  const section = new shape();
  for (const name of namesOf(shape)) {
    const below = nested(section, name);
    if (below !== undefined) yield* pathsOf(below, [...above, name]);
    else yield [[...above, name], Reflect.get(section, name)];
  }
}

/** What is no number or flag stays a text, for the key's rule. */
function readText(text: string, fallback: unknown): unknown {
  if (typeof fallback === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (typeof fallback === 'number') return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text;
  return typeof fallback === 'object' && fallback !== null ? jsonOf(text) : text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
