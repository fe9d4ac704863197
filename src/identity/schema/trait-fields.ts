import { partsOf } from './addresses-of.js';
import { isObject, type JsonObject } from './keyword.js';

/** One trait as a form field. */
export interface TraitField {
  /** dotted, with the leading `traits` */
  readonly name: string;
  readonly type: 'email' | 'text' | 'number' | 'checkbox' | 'tel' | 'url' | 'date';
  /** the schema's, else the trait's own name */
  readonly title: string;
  readonly autocomplete?: 'email';
  readonly required: boolean;
}

/** A field, and how a form's text becomes its value. */
export interface TypedField extends TraitField {
  readonly path: readonly string[];
  readonly kind: 'string' | 'number' | 'integer' | 'boolean';
}

/** The shape of a schema's traits, flattened: leaves in schema order, and the objects between. */
export interface TraitShape {
  readonly fields: readonly TypedField[];
  /** paths of nested objects that may be empty, outermost first */
  readonly objects: readonly (readonly string[])[];
}

/** Lists and untyped traits have no form field. */
export function traitShape(root: JsonObject): TraitShape {
  const fields: TypedField[] = [];
  const objects: string[][] = [];
  collect(root, root, [], false, fields, objects, new Set());
  return { fields, objects };
}

function collect(
  root: JsonObject,
  schema: unknown,
  path: string[],
  required: boolean,
  fields: TypedField[],
  objects: string[][],
  seen: ReadonlySet<unknown>,
): void {
  if (!isObject(schema) || seen.has(schema)) return;
  const within = new Set([...seen, schema]);
  for (const part of partsOf(root, schema)) collect(root, part, path, required, fields, objects, within);
  if (isObject(schema['properties'])) {
    const needed = Array.isArray(schema['required']) ? schema['required'] : [];
    if (path.length > 1 && needed.length === 0) objects.push(path);
    for (const [key, property] of Object.entries(schema['properties']))
      collect(root, property, [...path, key], needed.includes(key), fields, objects, within);
    return;
  }
  const field = leaf(schema, path, required);
  if (field !== undefined && !fields.some(({ name }) => name === field.name)) fields.push(field);
}

function leaf(schema: JsonObject, path: string[], required: boolean): TypedField | undefined {
  const kind = [schema['type']].flat().find((type) => type !== 'null');
  if (kind !== 'string' && kind !== 'number' && kind !== 'integer' && kind !== 'boolean') return undefined;
  const name = path.join('.');
  const title = typeof schema['title'] === 'string' && schema['title'] !== '' ? schema['title'] : name;
  const email = kind === 'string' && schema['format'] === 'email';
  const type = inputType(kind, schema['format']);
  return { name, type, title, required, path, kind, ...(email ? { autocomplete: 'email' } : {}) };
}

function inputType(kind: TypedField['kind'], format: unknown): TraitField['type'] {
  if (kind === 'boolean') return 'checkbox';
  if (kind !== 'string') return 'number';
  if (format === 'email' || format === 'tel' || format === 'date') return format;
  return format === 'uri' ? 'url' : 'text';
}
