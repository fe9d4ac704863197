import { BadRequest } from '../../platform/errors/index.js';
import type { FormFields } from '../../platform/http/index.js';
import { cloneJson, numberOf } from '../../platform/json/index.js';
import { isObject } from './keyword.js';
import type { TraitShape, TypedField } from './trait-fields.js';

/**
 * The traits that a form holds: `traits` as an object, dotted `traits.a.b` fields typed by the schema, or both.
 * Empty fields are absent; nested objects are there even when empty, as clients of Kratos see them.
 * What cannot be read as the schema's type stays text, for the schema to refuse.
 */
export function traitsFromForm({ fields, objects }: TraitShape, form: FormFields): Record<string, unknown> {
  const given = form['traits'] ?? {};
  if (!isObject(given)) throw new BadRequest('The field "traits" must be an object.');
  const document: Record<string, unknown> = { traits: cloneJson(given) };
  for (const path of objects) if (at(document, path) === undefined) put(document, path, {});
  for (const field of fields) {
    const value = valueOf(field, form[field.name]);
    if (value !== undefined) put(document, field.path, value);
  }
  return document['traits'] as Record<string, unknown>;
}

function valueOf({ kind }: TypedField, given: unknown): unknown {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'string' || kind === 'string') return given;
  if (kind === 'boolean') return given === 'true' || given === 'on' ? true : given === 'false' ? false : given;
  return /^-?\d+(\.\d+)?$/.test(given) ? numberOf(given) : given;
}

function at(document: Record<string, unknown>, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);
}

/** Leaves the document alone where something on the way is no object: the schema will say so. */
function put(document: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let target = document;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(target, key)) target[key] = {};
    const next = target[key];
    if (!isObject(next)) return;
    target = next as Record<string, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) target[last] = value;
}
