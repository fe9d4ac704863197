import { pathText } from '../../platform/json/index.js';
import { isObject, type JsonObject, KEYWORD } from './keyword.js';
import type { Validator } from './validator.js';

/** Keywords whose content is data, or definitions that apply only by reference. */
const NO_SCHEMAS = ['enum', 'const', 'default', 'examples', 'definitions', '$defs', KEYWORD];

/**
 * Places where a schema gives a trait a purpose that no validator reads: beside a `$ref`, or under an unknown keyword.
 * Kratos ignores these silently.
 */
export function unreached(schema: JsonObject, validator: Validator): string[] {
  const found: string[] = [];
  const open: { part: unknown; path: readonly string[]; named: boolean }[] = [{ part: schema, path: [], named: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, path, named } = next;
    if (Array.isArray(part))
      part.forEach((each, index) => open.push({ part: each, path: [...path, String(index)], named: false }));
    if (!isObject(part)) continue;
    if (!named && saysSomething(part) && !validator.reaches(part)) found.push(pathText(path));
    for (const [key, each] of Object.entries(part))
      if (named || !NO_SCHEMAS.includes(key))
        open.push({ part: each, path: [...path, key], named: !named && isMapOfSchemas(key) });
  }
  return found.reverse();
}

/** Names under these keywords are user-defined: a trait may be called `default`. */
const isMapOfSchemas = (key: string): boolean => ['properties', 'patternProperties', 'dependencies'].includes(key);

const saysSomething = (schema: JsonObject): boolean => {
  const said = schema[KEYWORD];
  return isObject(said) && Object.keys(said).length > 0;
};
