import { isJsonObject } from '../../platform/json/index.js';
import { fieldName } from './field-name.js';
import { type Input, inputOfValue } from './input-of.js';
import type { PlacedField, TraitShape } from './trait-fields.js';

/** A field as a form shows it for given traits. */
export interface ShownField extends PlacedField {
  /** absent if there is none, and for lists, whose items have their own fields */
  readonly value?: unknown;
}

/** Largest number of fields for values that the schema doesn't list; further values get no field. */
const MOST = 500;

/**
 * The fields of a form: those of the schema, and one for each other value in the traits, such as the items of a list
 * (`traits.emails.0`), which follow their list.
 */
export function shownFields({ fields }: TraitShape, traits: unknown): ShownField[] {
  const named = new Map(fields.map((field) => [field.name, field]));
  const beside = new Map<string | undefined, ShownField[]>();
  const taken = new Set(named.keys());
  let left = MOST;
  for (const { path, value } of leavesOf(traits, ['traits'])) {
    const name = fieldName(path);
    if (taken.has(name) || left === 0) continue;
    taken.add(name);
    left -= 1;
    const owner = path.map((_, depth) => fieldName(path.slice(0, depth))).findLast((prefix) => named.has(prefix));
    const shown = { name, path, required: false, list: false, needed: false, ...inputOfValue(value), value };
    beside.set(owner, [...(beside.get(owner) ?? []), shown]);
  }
  const listed = fields.flatMap((field) => {
    const value = valueAt({ traits }, field.path);
    const shown = isContainer(value) ? field : { ...field, ...fitting(field, value), value };
    return [shown, ...(beside.get(field.name) ?? [])];
  });
  return [...listed, ...(beside.get(undefined) ?? [])];
}

/**
 * A checkbox can't show a number, and a number input can't show text, so a trait with several types gets the input for
 * its value.
 */
function fitting({ type }: PlacedField, value: unknown): Partial<Input> {
  if (value === undefined || value === null) return {};
  const own = inputOfValue(value);
  return (type === 'checkbox' || type === 'number') && own.type !== type ? own : {};
}

/** What has no parts, objects by name; nothing comes of an empty list or object. */
function* leavesOf(value: unknown, path: readonly string[]): Generator<{ path: readonly string[]; value: unknown }> {
  if (!isContainer(value)) {
    yield { path, value };
    return;
  }
  const keys = Array.isArray(value) ? Object.keys(value) : Object.keys(value).sort();
  for (const key of keys) yield* leavesOf((value as Record<string, unknown>)[key], [...path, key]);
}

export function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isJsonObject(value);
}

export function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      isContainer(value) && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined,
    document,
  );
}
