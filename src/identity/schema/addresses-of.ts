import { dialled, displayIdentifier, normalizeIdentifier } from '../identifiers/normalize.js';
import { isObject, type JsonObject, purposeOf, type Via } from './keyword.js';

/** A value of the traits that has a meaning beyond itself. */
interface Found {
  /** as shown, and as mail is addressed */
  readonly value: string;
  /** as compared */
  readonly normalized: string;
  /** where in `{ traits }` */
  readonly path: readonly string[];
}

/** A value through which a person can be reached. */
interface Reachable extends Found {
  readonly via: Via;
}

/** What the traits say about how a person signs in and can be reached. No value stands twice in a list. */
export interface Extracted {
  /** by credential type, in schema order */
  readonly identifiers: Readonly<Record<string, readonly Reachable[]>>;
  readonly recovery: readonly Reachable[];
  readonly verification: readonly Reachable[];
}

/** Reads identifiers and addresses out of a document that its schema has accepted. */
export function extract(root: JsonObject, document: JsonObject): Extracted {
  const identifiers: Record<string, Reachable[]> = {};
  const recovery: Reachable[] = [];
  const verification: Reachable[] = [];
  visit(root, root, document, [], (schema, value, path) => {
    const purpose = purposeOf(schema);
    if (purpose === undefined || typeof value !== 'string') return;
    const found = { value: displayIdentifier(value), normalized: normalizeIdentifier(value), path };
    if (found.normalized === '') return;
    for (const type of purpose.identifies) addOnce((identifiers[type] ??= []), { ...found, via: purpose.code });
    const { recovery: recovers, verification: verifies } = purpose;
    if (recovers !== undefined) addOnce(recovery, reachable(found, recovers));
    if (verifies !== undefined) addOnce(verification, reachable(found, verifies));
  });
  return { identifiers, recovery, verification };
}

/** A telephone number is shown as it is dialled. */
const reachable = (found: Found, via: Via): Reachable => ({
  ...found,
  value: via === 'sms' ? dialled(found.value) : found.value,
  via,
});

function addOnce(list: Reachable[], found: Reachable): void {
  if (!list.some(({ normalized, via }) => normalized === found.normalized && via === found.via)) list.push(found);
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
