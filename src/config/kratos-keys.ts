import { isMap } from './keys.js';
import { KRATOS_KEYS, type KratosKey } from './kratos-keys.table.js';
import type { Report } from './report.js';
import { type Path, pathText } from './tree.js';

/** Judges a key that no section class has: Kratos' own, or nobody's. */
export function judgeForeignKey(path: Path, value: unknown, siblings: readonly string[], report: Report): void {
  const at = pathText(path);
  const row = KRATOS_KEYS.find((each) => fits(each.path, path));
  if (row !== undefined) return judgeKratosKey(row, at, value, report);
  if (!isGroup(path)) {
    const meant = siblings.find((sibling) => isNear(sibling, String(path.at(-1))));
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    report.problems.push({ path: at, message: `is not a key that Regain or Kratos knows${hint}` });
    return;
  }
  if (value === undefined || value === null) return;
  if (!isMap(value)) {
    report.problems.push({ path: at, message: 'must be a map of keys' });
    return;
  }
  for (const [name, nested] of Object.entries(value)) judgeForeignKey([...path, name], nested, [], report);
}

/** The single keys that can stop a start; the environment may not ask for them either. */
export function refusedKratosPaths(): string[] {
  return KRATOS_KEYS.filter(({ path, refuse }) => refuse !== undefined && !path.includes('*')).map(({ path }) => path);
}

function judgeKratosKey(row: KratosKey, path: string, value: unknown, { problems, warnings }: Report): void {
  if (!asksForSomething(value)) return;
  if (row.refuse !== undefined && (row.when?.(value) ?? true)) problems.push({ path, message: row.refuse });
  else if (row.ignore !== undefined) warnings.push(`${path} has no effect: ${row.ignore}`);
}

function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isMap(value) || Object.keys(value).length > 0;
}

/** A star stands for one name; places in lists do not count. */
function fits(pattern: string, path: Path): boolean {
  const steps = pattern.split('.');
  const names = path.filter((step) => typeof step === 'string');
  if (steps.length !== names.length) return false;
  return steps.every((step, index) => step === '*' || step === names[index]);
}

/** True when the table has keys below this path. */
function isGroup(path: Path): boolean {
  const depth = path.filter((step) => typeof step === 'string').length;
  return KRATOS_KEYS.some((row) => {
    const steps = row.path.split('.');
    return steps.length > depth && fits(steps.slice(0, depth).join('.'), path);
  });
}

/** One letter too many, too few, or another one. */
function isNear(known: string, given: string): boolean {
  if (Math.abs(known.length - given.length) > 1) return false;
  let start = 0;
  while (start < known.length && known[start] === given[start]) start += 1;
  const rest = (text: string, from: number) => text.slice(from);
  return (
    rest(known, start + 1) === rest(given, start + 1) ||
    rest(known, start + 1) === rest(given, start) ||
    rest(known, start) === rest(given, start + 1) ||
    rest(known, start + 2) === rest(given, start + 2)
  );
}
