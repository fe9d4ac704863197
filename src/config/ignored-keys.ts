import { probablyMeant } from './did-you-mean.js';
import { ownPaths } from './known-paths.js';
import { asksForSomething, isGroup, rowOf } from './kratos-keys.js';
import { isMap } from './keys.js';
import type { Report } from './report.js';
import { SECOND_FACTORS } from './second-factors.js';
import { pathText, type Tree, valueAt, withoutPath, withValue } from './tree.js';

/** The one hook that Regain runs, even if the others are left to Kratos. */
const RUN = 'revoke_active_sessions';

/**
 * Removes what `regain.ignore` leaves to Kratos, so that one file works for both servers. Warns about every entry that
 * removes something, and says what Regain won't do. Keeps keys that Regain reads.
 */
export function leaveOutIgnored(tree: Tree, { problems, warnings }: Report): Tree {
  const entries = valueAt(tree, ['regain', 'ignore']);
  if (!Array.isArray(entries)) return tree;
  let left = tree;
  for (const [index, entry] of (entries as unknown[]).entries()) {
    if (typeof entry !== 'string') continue; // reported by the key's own rule
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
    `${pathText(path)} is left to Kratos (regain.ignore): Regain does not call these hooks, so whatever they would block is not blocked`,
  );
  return withValue(tree, path, run) as Tree;
}

/** Undefined if the path may be ignored. */
function whyNot(entry: string): string | undefined {
  const path = entry.split('.');
  if (SECOND_FACTORS.some((key) => covers(entry, key) || covers(key, entry)))
    return 'is a second factor: set regain.recovery.second_factor instead';
  if (isHooks(path)) return undefined;
  if (ownPaths().some((own) => covers(entry, own)) || hasOwnParent(path))
    return 'is read by Regain: set the key itself in a later file';
  if (rowOf(path) !== undefined || isGroup(path)) return undefined;
  const meant = probablyMeant(path.slice(0, -1).join('.'), path.at(-1) ?? '');
  return `is not a key of Kratos${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** Whether the path is the `after.hooks` of a flow or of one of its methods. */
function isHooks(path: readonly string[]): boolean {
  const text = path.join('.');
  return /\.after(\.\w+)?\.hooks$/.test(text) && ownPaths().includes(text);
}

/** Whether the path is below a key that Regain reads: `dsn.x`, `secrets.default.0`. */
function hasOwnParent(path: readonly string[]): boolean {
  const parent = path.slice(0, -1).join('.');
  return ownPaths().includes(parent) && !ownPaths().some((own) => own !== parent && covers(parent, own));
}

const covers = (above: string, below: string): boolean => below === above || below.startsWith(`${above}.`);

/** The table's reason for the key, or for one below it, without the advice. */
function reasonOf(path: readonly string[]): string {
  const { refuse, ignore } = rowOf(path) ?? firstBelow(path) ?? {};
  return (refuse ?? ignore ?? 'Regain does not support it').split('; ')[0] ?? '';
}

function firstBelow(path: readonly string[]) {
  for (const name of ['enabled', '*']) {
    const row = rowOf([...path, name]);
    if (row !== undefined) return row;
  }
  return undefined;
}
