import { probablyMeant } from './did-you-mean.js';
import { FORMER_KEYS } from './former-keys.table.js';
import { isMap } from './keys.js';
import { KRATOS_KEYS, type KratosKey } from './kratos-keys.table.js';
import { NO_SECOND_FACTOR } from './second-factors.js';
import type { Report } from './report.js';
import { type Path, pathText } from './tree.js';

/** A key of Kratos without effect in Regain. */
interface Idle {
  readonly path: Path;
  readonly reason: string;
}

/** Checks a key that no section class has: a Kratos key, a former one, or an unknown one. */
export function judgeForeignKey(path: Path, value: unknown, report: Report): void {
  const idle: Idle[] = [];
  judge(path, value, report, idle);
  report.warnings.push(...idleLines(idle));
}

/** The first matching row for a path. */
export function rowOf(path: Path): KratosKey | undefined {
  return KRATOS_KEYS.find((each) => fits(each.path, path));
}

/** Whether the table has keys below this path. */
export function isGroup(path: Path): boolean {
  const depth = path.filter((step) => typeof step === 'string').length;
  return KRATOS_KEYS.some((row) => {
    const steps = row.path.split('.');
    return steps.length > depth && fits(steps.slice(0, depth).join('.'), path);
  });
}

/** Keys that can stop the start. The environment may not set them, or anything below them, either. */
export function refusedKratosPaths(): string[] {
  const refused = KRATOS_KEYS.filter(({ refuse }) => refuse !== undefined).map(({ path }) => path);
  // Variables named URLS or TTL may belong to something else.
  const former = FORMER_KEYS.map(({ path }) => path).filter((path) => path.includes('.'));
  return [...refused, ...former].filter((path) => !path.includes('*'));
}

function judge(path: Path, value: unknown, report: Report, idle: Idle[]): void {
  const row = rowOf(path);
  if (row !== undefined) return judgeKratosKey(row, path, value, report, idle);
  if (!isGroup(path)) return refuseUnknown(path, report);
  if (value === undefined || value === null) return;
  if (!isMap(value)) {
    report.problems.push({ path: pathText(path), message: 'must be a map of keys' });
    return;
  }
  for (const [name, nested] of Object.entries(value)) judge([...path, name], nested, report, idle);
}

function judgeKratosKey(row: KratosKey, path: Path, value: unknown, { problems }: Report, idle: Idle[]): void {
  if (!asksForSomething(value)) return;
  if (row.refuse !== undefined && (row.when?.(value) ?? true))
    problems.push({
      path: pathText(path),
      message: row.refuse,
      ...(row.refuse === NO_SECOND_FACTOR ? {} : { ignorable: true }),
    });
  else if (row.ignore !== undefined) idle.push({ path, reason: row.ignore });
}

function refuseUnknown(path: Path, { problems }: Report): void {
  const at = pathText(path);
  const former = FORMER_KEYS.find((each) => fits(each.path, path));
  if (former !== undefined) {
    problems.push({ path: at, message: `is a former key of Kratos: ${former.now}` });
    return;
  }
  const names = path.filter((step) => typeof step === 'string');
  const meant = probablyMeant(names.slice(0, -1).join('.'), names.at(-1) ?? '');
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  problems.push({ path: at, message: `is an unknown key${hint}` });
}

/** Groups keys of a section that have no effect for the same reason into one line. */
function idleLines(idle: readonly Idle[]): string[] {
  const groups = new Map<string, Idle[]>();
  for (const each of idle) {
    const key = `${pathText(each.path.slice(0, -1))} ${each.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const [{ path, reason } = { path: [], reason: '' }] = group;
    if (group.length === 1) return `${pathText(path)} has no effect: ${reason}`;
    const names = group.map((each) => String(each.path.at(-1))).join(', ');
    return `${pathText(path.slice(0, -1))} has no effect (${names}): ${reason}`;
  });
}

export function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isMap(value) || Object.keys(value).length > 0;
}

/** A star matches one name; list indexes are ignored. */
function fits(pattern: string, path: Path): boolean {
  const steps = pattern.split('.');
  const names = path.filter((step) => typeof step === 'string');
  if (steps.length !== names.length) return false;
  return steps.every((step, index) => step === '*' || step === names[index]);
}
