import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { ListedModule } from '../config/index.js';
import { packageFolder } from './copies.js';

/** The file that a listed module is, or why there is none, in words. */
export type FoundModule = { readonly file: string } | { readonly problem: string };

const PACKAGE = /^(@[\w.-]+\/)?[\w.-]+$/;

/** A path is relative to the file that lists it; a package is looked for from there upwards, then beside Regain itself. */
export function findModule({ module, from }: ListedModule): FoundModule {
  if (module.startsWith('.') || isAbsolute(module)) return fileAt(resolve(from, module));
  if (!PACKAGE.test(module)) return { problem: 'must be a path that begins with ./, or the name of a package' };
  const folder = packageFolder(module, from) ?? packageFolder(module, import.meta.dirname);
  if (folder === undefined)
    return { problem: `was not found: no node_modules from ${from} upwards has it; run npm install there` };
  const entry = entryOf(folder);
  return entry === undefined
    ? { problem: `has neither "exports" nor "main" in ${join(folder, 'package.json')}` }
    : fileAt(join(folder, entry));
}

function fileAt(file: string): FoundModule {
  if (!existsSync(file)) return { problem: `was not found: there is no ${file}; is it built?` };
  if (statSync(file).isDirectory()) return { problem: `is a directory: name the file in ${file} to load` };
  return { file: realpathSync(file) };
}

type Target = string | { readonly [condition: string]: Target } | undefined;

function entryOf(folder: string): string | undefined {
  const { exports, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports?: Target;
    main?: string;
  };
  const root = typeof exports === 'object' && '.' in exports ? exports['.'] : exports;
  return targetOf(root) ?? main;
}

function targetOf(target: Target): string | undefined {
  if (typeof target !== 'object') return target;
  for (const [condition, below] of Object.entries(target))
    if (['node', 'import', 'default'].includes(condition)) return targetOf(below);
  return undefined;
}
