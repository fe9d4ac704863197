import { partsOf } from './addresses-of.js';
import { isObject, type JsonObject } from './keyword.js';
import { typesOf } from './input-of.js';

/** The JSON types that a value may have under any schema that applies to it. */
export type Types = ReadonlySet<string>;

const INDEX = /^(0|[1-9]\d{0,5})$/;

/** Undefined if no schema applies to the place. */
export function typesAt(root: JsonObject, path: readonly string[]): Types | undefined {
  let here = together(root, [root]);
  for (const key of path)
    here = together(
      root,
      here.flatMap((schema) => within(schema, key)),
    );
  if (here.length === 0) return undefined;
  return new Set(here.flatMap((schema) => [...typesOf(schema), ...implied(schema)]));
}

/** The types that a schema without `type` implies through other keywords. */
function implied(schema: JsonObject): string[] {
  if (schema['properties'] !== undefined) return ['object'];
  return schema['items'] === undefined ? [] : ['array'];
}

/** The schemas, and all others that apply to the same value. */
function together(root: JsonObject, schemas: readonly unknown[]): JsonObject[] {
  const found = new Set<JsonObject>();
  const open = [...schemas];
  while (open.length > 0) {
    const schema = open.pop();
    if (!isObject(schema) || found.has(schema)) continue;
    found.add(schema);
    open.push(...partsOf(root, schema), schema['if'], schema['then'], schema['else']);
    if (isObject(schema['dependencies'])) open.push(...Object.values(schema['dependencies']));
  }
  return [...found];
}

/** Schemas of one property or item. */
function within(schema: JsonObject, key: string): unknown[] {
  const { properties, patternProperties, additionalProperties, items, additionalItems } = schema;
  const item = INDEX.test(key) ? (Array.isArray(items) ? (items[Number(key)] ?? additionalItems) : items) : undefined;
  if (isObject(properties) && Object.hasOwn(properties, key)) return [properties[key], item];
  const byPattern = isObject(patternProperties) ? Object.entries(patternProperties) : [];
  return [...byPattern.filter(([pattern]) => mayMatch(pattern, key)).map(([, one]) => one), additionalProperties, item];
}

/** A pattern that this can't compile counts as a match: it only decides how a text is parsed. */
function mayMatch(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(key);
  } catch {
    return true;
  }
}
