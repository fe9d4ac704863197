import { displayIdentifier, normalizeIdentifier } from '../normalize.js';
import { isObject, type JsonObject, purposeOf } from './keyword.js';

/** A value of the traits that has a meaning beyond itself. */
export interface Found {
  /** as shown, and as mail is addressed */
  readonly value: string;
  /** as compared */
  readonly normalized: string;
  /** where in `{ traits }` */
  readonly path: readonly string[];
}

/** What the traits say about how a person signs in and can be reached. No value stands twice in a list. */
export interface Extracted {
  /** by credential type, in schema order */
  readonly identifiers: Readonly<Record<string, readonly Found[]>>;
  readonly recovery: readonly (Found & { via: string })[];
  readonly verification: readonly (Found & { via: string })[];
}

/** Reads identifiers and addresses out of a document that its schema has accepted. */
export function extract(root: JsonObject, document: JsonObject): Extracted {
  const identifiers: Record<string, Found[]> = {};
  const recovery: (Found & { via: string })[] = [];
  const verification: (Found & { via: string })[] = [];
  visit(root, root, document, [], (schema, value, path) => {
    const purpose = purposeOf(schema);
    if (purpose === undefined || typeof value !== 'string') return;
    const found = { value: displayIdentifier(value), normalized: normalizeIdentifier(value), path };
    if (found.normalized === '') return;
    for (const type of purpose.identifies) addOnce((identifiers[type] ??= []), found);
    if (purpose.recovery !== undefined) addOnce(recovery, { ...found, via: purpose.recovery });
    if (purpose.verification !== undefined) addOnce(verification, { ...found, via: purpose.verification });
  });
  return { identifiers, recovery, verification };
}

function addOnce<T extends Found>(list: T[], found: T): void {
  if (!list.some(({ normalized }) => normalized === found.normalized)) list.push(found);
}

type Visitor = (schema: JsonObject, value: unknown, path: readonly string[]) => void;

/** Every subschema that applies to a value, with that value; a subschema that refers to itself is visited once. */
function visit(
  root: JsonObject,
  schema: unknown,
  value: unknown,
  path: readonly string[],
  visitor: Visitor,
  seen: ReadonlySet<unknown> = new Set(),
): void {
  if (!isObject(schema) || seen.has(schema)) return;
  visitor(schema, value, path);
  const here = new Set([...seen, schema]);
  for (const part of partsOf(root, schema)) visit(root, part, value, path, visitor, here);
  if (isObject(value) && isObject(schema['properties'])) {
    for (const [key, property] of Object.entries(schema['properties']))
      if (Object.hasOwn(value, key)) visit(root, property, value[key], [...path, key], visitor);
  }
  if (Array.isArray(value) && isObject(schema['items']))
    value.forEach((item, index) => visit(root, schema['items'], item, [...path, String(index)], visitor));
}

/** The schemas that speak of the same value: by reference, or combined. */
export function partsOf(root: JsonObject, schema: JsonObject): unknown[] {
  const combined = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => {
    const parts = schema[keyword];
    return Array.isArray(parts) ? (parts as unknown[]) : [];
  });
  const reference = schema['$ref'];
  return typeof reference === 'string' ? [resolve(root, reference), ...combined] : combined;
}

function resolve(root: JsonObject, reference: string): unknown {
  const keys = reference.split('/').slice(1);
  const decoded = keys.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  return decoded.reduce<unknown>((schema, key) => (isObject(schema) ? schema[key] : undefined), root);
}
