import { validateSync } from 'class-validator';
import { Duration } from '../platform/duration/index.js';
import { isMap, type Key, keysOf, type SectionClass } from './keys.js';
import { judgeForeignKey } from './kratos-keys.js';
import { isPlaceholder, UNFILLED } from './placeholders.js';
import type { Report } from './report.js';
import { type Path, pathText, type Tree } from './tree.js';

/** Reads a section. Missing and wrong values get their default; wrong ones are reported. */
export function readSection<T extends object>(shape: new () => T, tree: Tree, path: Path, report: Report): T {
  const section = new shape();
  const keys = keysOf(shape);
  const given = new Set<string>();
  for (const key of keys) {
    const value = Object.hasOwn(tree, key.name) ? tree[key.name] : undefined;
    // `key:` without a value counts as missing.
    if (value === undefined || value === null) continue;
    if (isPlaceholder(value)) {
      report.problems.push({ path: pathText([...path, key.name]), message: UNFILLED });
      continue;
    }
    given.add(key.name);
    Reflect.set(section, key.name, valueOf(key, value, [...path, key.name], report));
  }
  const known = new Set(keys.map(({ name }) => name));
  for (const name of Object.keys(tree)) if (!known.has(name)) judgeForeignKey([...path, name], tree[name], report);
  refuseWrongValues(section, new shape(), given, path, report);
  return section;
}

function valueOf(key: Key, given: unknown, path: Path, report: Report): unknown {
  switch (key.kind) {
    case 'section':
      return readNested(key, given, path, report);
    case 'items':
      if (Array.isArray(given)) return readItems(key, given, path, report);
      report.problems.push({ path: pathText(path), message: 'must be a list' });
      return [];
    case 'duration':
      return durationOf(key, given);
    case 'size':
      return kibibytesOf(given, path, report);
    default:
      return given;
  }
}

/** Reports a warning once if it applies to several entries of a list. */
function readItems(key: Key, given: readonly unknown[], path: Path, report: Report): unknown[] {
  const said: { own: string; general: string }[] = [];
  const items = given.map((item, index) => {
    const warnings: string[] = [];
    const read = readNested(key, item, [...path, index], { problems: report.problems, warnings });
    for (const own of warnings)
      said.push({ own, general: own.replace(pathText([...path, index]), `${pathText(path)}[*]`) });
    return read;
  });
  const times = (line: string): number => said.filter(({ general }) => general === line).length;
  report.warnings.push(...new Set(said.map(({ own, general }) => (times(general) > 1 ? general : own))));
  return items;
}

function readNested(key: Key, given: unknown, path: Path, report: Report): object | undefined {
  const shape = key.shape?.() as SectionClass;
  if (isMap(given)) return readSection(shape, given, path, report);
  report.problems.push({ path: pathText(path), message: 'must be a map of keys' });
  return new shape();
}

/** Returns an invalid duration unchanged, so that the key's rule reports it. */
function durationOf(key: Key, given: unknown): unknown {
  if (key.none && given === 'none') return null;
  if (typeof given !== 'string') return given;
  try {
    return Duration.parse(given);
  } catch {
    return given;
  }
}

const KIBIBYTES: Readonly<Record<string, number>> = { B: 1 / 1024, KB: 1, MB: 1024, GB: 1024 * 1024 };

/** Kratos up to 0.5 used a bare number of KiB; smaller numbers than a MiB are mistakes. */
function kibibytesOf(given: unknown, path: Path, { warnings }: Report): unknown {
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 1024) {
    warnings.push(`${pathText(path)}: a bare number is read as KiB; write ${Math.round(given / 1024)}MB`);
    return given;
  }
  const [, count, unit] = /^(\d{1,12})(B|KB|MB|GB)$/.exec(typeof given === 'string' ? given : '') ?? [];
  if (count === undefined || unit === undefined) return typeof given === 'number' ? String(given) : given;
  return Math.floor(Number(count) * (KIBIBYTES[unit] ?? 0));
}

/**
 * Reports wrong values and resets them to their default, so that rules across keys see valid values.
 * Defaults aren't checked: an empty one means "not set".
 */
function refuseWrongValues(section: object, defaults: object, given: Set<string>, path: Path, report: Report): void {
  for (const { property, constraints = {} } of validateSync(section, { forbidUnknownValues: false })) {
    if (!given.has(property)) continue;
    for (const message of Object.values(constraints))
      report.problems.push({ path: pathText([...path, property]), message });
    Reflect.set(section, property, Reflect.get(defaults, property));
  }
}
