import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Problem } from './config.errors.js';
import { FileShape } from './file-shape.js';
import { whyUnreadable } from './files.js';
import { type Key, keysOf, type SectionClass } from './keys.js';
import { refusedKratosPaths } from './kratos-keys.js';
import { type Path, pathText, type Tree, valueAt, withValue } from './tree.js';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Target {
  readonly path: Path;
  /** how to read the text; `plain` for a Kratos key without a section */
  readonly kind: Key['kind'] | 'plain';
  readonly secret: boolean;
}

interface Override extends Target {
  readonly variable: string;
  readonly text: string;
  /** The text comes from a file: lists have one entry per line, and commas are part of entries. */
  readonly fromFile?: true;
}

/**
 * Overrides values of the tree with the environment. Considers only variables that name a known key. Empty ones count
 * as unset, because compose files produce them.
 */
export async function applyEnvironment(tree: Tree, env: Environment, cwd: string, problems: Problem[]) {
  const overrides: Override[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined || text === '') continue;
    const override = await findOverride(variable, text, env, cwd, problems);
    if (override !== undefined) overrides.push(override);
  }
  overrides.sort(wholeBeforePart);
  let merged = tree;
  for (const override of overrides) merged = applyOverride(merged, override, problems);
  return { tree: merged, keys: [...new Set(overrides.map(({ path }) => pathText(path)))].sort() };
}

async function findOverride(
  variable: string,
  text: string,
  env: Environment,
  cwd: string,
  problems: Problem[],
): Promise<Override | undefined> {
  const target = targetOf(variable);
  if (target !== undefined) return { ...target, variable, text };
  const named = variable.endsWith('_FILE') ? targetOf(variable.slice(0, -'_FILE'.length)) : undefined;
  if (named?.secret !== true) return undefined;
  const direct = env[variable.slice(0, -'_FILE'.length)];
  if (direct !== undefined && direct !== '') {
    problems.push({ path: variable, message: 'must not be set together with the variable without _FILE' });
    return undefined;
  }
  try {
    const content = await readFile(resolve(cwd, text), 'utf8');
    return { ...named, variable, text: content.replace(/(\r?\n)+$/, ''), fromFile: true as const };
  } catch (error) {
    problems.push({ path: variable, message: `names a file that cannot be read (${whyUnreadable(error)})` });
    return undefined;
  }
}

/** Finds the key that a variable names: its path in capitals, joined with underscores. */
export function targetOf(variable: string): Target | undefined {
  const ours = targetIn(FileShape, variable, []);
  if (ours !== undefined) return ours;
  const path = refusedKratosPaths().find((each) => `${variable}_`.startsWith(`${variableOf(each)}_`));
  if (path === undefined) return undefined;
  const below = variable.slice(path.length + 1).toLowerCase();
  return { path: [...path.split('.'), ...(below === '' ? [] : [below])], kind: 'plain', secret: false };
}

function targetIn(shape: SectionClass, rest: string, path: Path): Target | undefined {
  for (const key of keysOf(shape)) {
    const name = variableOf(key.name);
    const found =
      rest === name || rest.startsWith(`${name}_`) ? targetAt(key, rest.slice(name.length), path) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param rest the variable's name after the key: empty, or `_` and more */
function targetAt(key: Key, rest: string, above: Path): Target | undefined {
  const path = [...above, key.name];
  if (rest === '') return key.environment ? { path, kind: key.kind, secret: key.secret } : undefined;
  if (key.kind === 'section' && key.shape) return targetIn(key.shape(), rest.slice(1), path);
  const [, index, below] = /^_(\d{1,3})(?:_(.+))?$/.exec(rest) ?? [];
  if (index === undefined) return undefined;
  const place = [...path, Number(index)];
  if (key.kind === 'texts' && below === undefined) return { path: place, kind: 'text', secret: key.secret };
  if (key.kind !== 'items' || !key.shape) return undefined;
  return below === undefined ? { path: place, kind: 'section', secret: false } : targetIn(key.shape(), below, place);
}

function variableOf(path: string): string {
  return path.replaceAll(/[.-]/g, '_').toUpperCase();
}

/** Orders a whole list before its single entries, and those by index. */
function wholeBeforePart(one: Target, other: Target): number {
  const [first, second] = [one, other].map(({ path }) =>
    path.map((step) => (typeof step === 'number' ? String(step).padStart(3, '0') : step)).join('.'),
  );
  return (first ?? '') < (second ?? '') ? -1 : 1;
}

function applyOverride(tree: Tree, override: Override, problems: Problem[]): Tree {
  const { path, variable } = override;
  const value = readText(override);
  if (value === undefined) {
    problems.push({ path: variable, message: 'must be JSON' });
    return tree;
  }
  for (const [index, step] of path.entries()) {
    const before = typeof step === 'number' ? valueAt(tree, path.slice(0, index)) : undefined;
    if (typeof step === 'number' && step > (Array.isArray(before) ? before.length : 0)) {
      problems.push({ path: variable, message: 'leaves a gap: earlier entries are missing' });
      return tree;
    }
  }
  return withValue(tree, path, value) as Tree;
}

/** Undefined if the text should be JSON and isn't. An invalid number or flag stays text, so that the key's rule reports it. */
function readText({ kind, text, fromFile }: Override): unknown {
  switch (kind) {
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'number':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'texts':
      if (text.trimStart().startsWith('[')) return jsonOf(text);
      return text
        .split(/\r?\n/)
        .flatMap((line) => (fromFile ? [line] : fieldsOf(line)))
        .filter((entry) => entry !== '');
    case 'items':
    case 'section':
    case 'record':
      return jsonOf(text);
    case 'plain':
      return jsonOf(text) ?? text;
    default:
      return text;
  }
}

/** Splits comma-separated values, as Kratos reads lists. Entries with a comma are in double quotes. */
function fieldsOf(line: string): string[] {
  const fields = line.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(?:,|$)/g);
  return [...fields].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim());
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
