import { probablyMeant } from './did-you-mean.js';
import { ownPaths } from './known-paths.js';
import { asksForSomething, isGroup, rowOf } from './kratos-keys.js';
import { isMap } from './keys.js';
import type { Report } from './report.js';
import { SECOND_FACTORS } from './second-factors.js';
import { pathText, type Tree, valueAt, withoutPath, withValue } from './tree.js';

/** The hooks that Regain runs are run even where the others are left to Kratos. */
const RUN = 'revoke_active_sessions';

/**
 * Takes out of the tree what `regain.ignore` leaves to Kratos, so that one file serves both servers. Every entry
 * that takes something out is named in a warning, with what does not happen. Keys that Regain reads stay.
 */
export function leaveOutIgnored(tree: Tree, { problems, warnings }: Report): Tree {
  const entries = valueAt(tree, ['regain', 'ignore']);
  if (!Array.isArray(entries)) return tree;
  let left = tree;
  for (const [index, entry] of (entries as unknown[]).entries()) {
    if (typeof entry !== 'string') continue; // the key's own rule says so
    const refusal = whyNot(entry);
    if (refusal !== undefined) problems.push({ path: `regain.ignore[${index}]`, message: refusal });
    else left = leaveOut(left, entry.split('.'), warnings);
  }
  return left;
}

function leaveOut(tree: Tree, path: readonly string[], warnings: string[]): Tree {
  const value = valueAt(tree, path);
  if (isHooks(path)) return leaveOutHooks(tree, path, value, warnings);
  if (!asksForSomething(value)) return tree;
  warnings.push(`${pathText(path)} is left to Kratos (regain.ignore): ${reasonOf(path)}`);
  return withoutPath(tree, path);
}

function leaveOutHooks(tree: Tree, path: readonly string[], value: unknown, warnings: string[]): Tree {
  const hooks: unknown[] = Array.isArray(value) ? value : [];
  const run = hooks.filter((hook) => isMap(hook) && hook['hook'] === RUN);
  if (run.length === hooks.length) return tree;
  warnings.push(
    `${pathText(path)} is left to Kratos (regain.ignore): here its hooks are not called, and what they would stop is not stopped`,
  );
  return withValue(tree, path, run) as Tree;
}

/** Undefined where the path may be ignored. */
function whyNot(entry: string): string | undefined {
  const path = entry.split('.');
  if (SECOND_FACTORS.some((key) => covers(entry, key) || covers(key, entry)))
    return 'names a second factor: regain.recovery.second_factor says what becomes of people who have one';
  if (isHooks(path)) return undefined;
  if (ownPaths().some((own) => covers(entry, own)) || hasOwnParent(path))
    return 'names something that Regain reads: change the key itself, in a file that comes later';
  if (rowOf(path) !== undefined || isGroup(path)) return undefined;
  const meant = probablyMeant(path.slice(0, -1).join('.'), path.at(-1) ?? '');
  return `names no key that Kratos has${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** What `after` of a flow, or of a method in it, calls. */
function isHooks(path: readonly string[]): boolean {
  const text = path.join('.');
  return /\.after(\.\w+)?\.hooks$/.test(text) && ownPaths().includes(text);
}

/** A value below a key that Regain reads: `dsn.x`, `secrets.default.0`. */
function hasOwnParent(path: readonly string[]): boolean {
  const parent = path.slice(0, -1).join('.');
  return ownPaths().includes(parent) && !ownPaths().some((own) => own !== parent && covers(parent, own));
}

const covers = (above: string, below: string): boolean => below === above || below.startsWith(`${above}.`);

/** What the table says of the key, or of what is below it, without its advice. */
function reasonOf(path: readonly string[]): string {
  const { refuse, ignore } = rowOf(path) ?? firstBelow(path) ?? {};
  return (refuse ?? ignore ?? 'Regain does not have it').split('; ')[0] ?? '';
}

function firstBelow(path: readonly string[]) {
  for (const name of ['enabled', '*']) {
    const row = rowOf([...path, name]);
    if (row !== undefined) return row;
  }
  return undefined;
}
