import { pathText } from '../../platform/json/index.js';
import { isObject, type JsonObject, KEYWORD } from './keyword.js';
import type { Validator } from './validator.js';

/** Values, and parts that stand there to be referred to. */
const NO_SCHEMAS = ['enum', 'const', 'default', 'examples', 'definitions', '$defs', KEYWORD];

/**
 * Where a schema says what a trait is for, and no validator looks: beside a `$ref`, or under a keyword that it does not know.
 * Kratos passes these over without a word.
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

/** Under these, names are people's own: a trait may be called `default`. */
const isMapOfSchemas = (key: string): boolean => ['properties', 'patternProperties', 'dependencies'].includes(key);

const saysSomething = (schema: JsonObject): boolean => {
  const said = schema[KEYWORD];
  return isObject(said) && Object.keys(said).length > 0;
};
