import { partsOf } from './addresses-of.js';
import { fieldName } from './field-name.js';
import { isObject, type JsonObject } from './keyword.js';
import { type Input, inputOf, itemTypes, typesOf } from './input-of.js';

/** One trait as a form field. */
interface TraitField extends Input {
  /** dotted, with the leading `traits` */
  readonly name: string;
  /** the title from the schema, else the trait's own name; absent for values that the schema does not list */
  readonly title?: string;
  readonly required: boolean;
}

/** A field of the schema, and the path of its value in `{ traits }`. */
export interface PlacedField extends TraitField {
  readonly path: readonly string[];
  /** the field stands for a list, whose items have their own fields */
  readonly list: boolean;
  /** its parent requires it, whichever branches of the schema apply */
  readonly needed: boolean;
}

/** The shape of a schema's traits, flattened: leaves in schema order, and the objects between. */
export interface TraitShape {
  /** the whole schema */
  readonly root: JsonObject;
  readonly fields: readonly PlacedField[];
  /** paths of nested objects that may be empty, outermost first */
  readonly objects: readonly (readonly string[])[];
  /** paths of nested objects that must exist, outermost first */
  readonly needed: readonly (readonly string[])[];
}

interface Found {
  readonly root: JsonObject;
  readonly fields: Map<string, PlacedField>;
  readonly objects: string[][];
  readonly needed: string[][];
}

/** How the traversal reached a schema. */
interface Way {
  readonly path: string[];
  /** the parent schema requires the property */
  readonly required: boolean;
  /** it applies to every document, not only in one branch */
  readonly always: boolean;
  readonly seen: ReadonlySet<unknown>;
}

const BRANCHES = ['if', 'then', 'else', 'anyOf', 'oneOf'] as const;

/**
 * Objects, lists of objects, and untyped traits have no field of their own. If two schemas describe one trait, the last
 * one counts.
 */
export function traitShape(root: JsonObject): TraitShape {
  const found: Found = { root, fields: new Map(), objects: [], needed: [] };
  collect(found, root, { path: [], required: false, always: true, seen: new Set() });
  return { root, fields: [...found.fields.values()], objects: found.objects, needed: found.needed };
}

function collect(found: Found, schema: unknown, way: Way): void {
  if (!isObject(schema) || way.seen.has(schema)) return;
  const { path, required, always } = way;
  const seen = new Set([...way.seen, schema]);
  const own = fieldOf(found.root, schema, way);
  if (own !== undefined) found.fields.set(own.name, own);
  const branches = new Set(BRANCHES.flatMap((keyword) => [schema[keyword]].flat() as unknown[]));
  for (const part of new Set([...partsOf(found.root, schema), ...branches]))
    collect(found, part, { path, required, always: always && !branches.has(part), seen });
  if (!isObject(schema['properties'])) return;
  const needs = Array.isArray(schema['required']) ? schema['required'] : [];
  if (path.length > 1 && always && needs.length === 0) found.objects.push(path);
  if (path.length > 1 && always && required) found.needed.push(path);
  for (const [key, property] of Object.entries(schema['properties']))
    collect(found, property, { path: [...path, key], required: needs.includes(key), always, seen });
}

function fieldOf(root: JsonObject, schema: JsonObject, { path, required, always }: Way): PlacedField | undefined {
  const types = typesOf(schema).filter((type) => type !== 'null');
  const list = types.length === 1 && types[0] === 'array';
  if (path.length < 2 || types.length === 0) return undefined;
  if (list ? isOfObjects(root, schema) : types.some((type) => type === 'object' || type === 'array')) return undefined;
  const name = fieldName(path);
  const title = typeof schema['title'] === 'string' && schema['title'] !== '' ? schema['title'] : name;
  return {
    name,
    title,
    required,
    path,
    list,
    needed: required && always,
    ...inputOf(schema, list ? 'string' : types[0]!),
  };
}

function isOfObjects(root: JsonObject, schema: JsonObject): boolean {
  const [only, ...others] = itemTypes(root, schema);
  return others.length === 0 && (only === 'object' || only === 'array' || only === 'null');
}
