import { getMetadataStorage, validateSync } from 'class-validator';
import { slips } from '../platform/spelling/index.js';
import { isMap } from './keys.js';
import { isPlaceholder, UNFILLED } from './placeholders.js';
import type { Report } from './report.js';
import { type Path, pathText, type Tree } from './tree.js';

type SectionClass = new () => object;

/**
 * An instance of an extension's class: its own defaults where the file is silent, everything wrong in the report, never a
 * value. A property that is an instance of a class by default is a section of its own.
 */
export function readGuestSection(shape: SectionClass, given: Tree, path: Path, report: Report): object {
  const section = new shape();
  const names = namesOf(shape);
  for (const name of names) {
    const at = [...path, name];
    if (!rulesOf(shape).has(name) && nested(section, name) === undefined)
      report.problems.push({ path: pathText(at), message: 'the extension gives it no rule: decorate the property' });
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) continue;
    if (isPlaceholder(value)) report.problems.push({ path: pathText(at), message: UNFILLED });
    else Reflect.set(section, name, valueOf(section, name, value, at, report));
  }
  for (const name of Object.keys(given))
    if (!names.includes(name)) report.problems.push({ path: pathText([...path, name]), message: unknown(name, names) });
  judge(section, path, report);
  return section;
}

/** The keys that the class has, from its initialisers and its rules. */
export function namesOf(shape: SectionClass): string[] {
  return [...new Set([...Object.keys(new shape()), ...rulesOf(shape)])];
}

function rulesOf(shape: SectionClass): Set<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  return new Set(rules.map(({ propertyName }) => propertyName));
}

/** The class of a section within the section. */
export function nested(section: object, name: string): SectionClass | undefined {
  const value: unknown = Reflect.get(section, name);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isMap(value)) return undefined;
  return value.constructor as SectionClass;
}

function valueOf(section: object, name: string, value: unknown, at: Path, report: Report): unknown {
  const shape = nested(section, name);
  if (shape === undefined) return value;
  if (isMap(value)) return readGuestSection(shape, value, at, report);
  report.problems.push({ path: pathText(at), message: 'must be a map of keys' });
  return new shape();
}

function judge(section: object, path: Path, { problems }: Report): void {
  for (const { property, value, constraints = {} } of validateSync(section, { forbidUnknownValues: false }))
    for (const [rule, message] of Object.entries(constraints))
      problems.push({ path: pathText([...path, property]), message: withoutValue(message, property, rule, value) });
}

/** Its rule in words; only the rule's name where the words repeat what was given. */
function withoutValue(message: string, property: string, rule: string, value: unknown): string {
  const words = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  const texts = [value].flat().map((each) => (typeof each === 'string' ? each : (JSON.stringify(each) ?? '')));
  return texts.some((text) => text !== '' && words.includes(text)) ? `breaks the rule ${rule}` : words;
}

function unknown(name: string, names: readonly string[]): string {
  const [best] = names
    .map((candidate) => ({ candidate, slips: slips(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ slips: found }) => found <= 2)
    .sort((one, other) => one.slips - other.slips);
  const hint = best ? `; did you mean ${best.candidate}?` : names.length > 0 ? `; it has ${names.join(', ')}` : '';
  return `the extension has no such key${hint}`;
}
