import { Ajv, type CodeKeywordDefinition, type ErrorObject, type KeywordCxt } from 'ajv';
import { isReachable } from './address-formats.js';
import { Effort } from './effort.js';
import { equalItems } from './equal-items.js';
import { FORMATS } from './formats/index.js';
import { type JsonObject, MARK, type Purpose, purposeOf, type Via } from './keyword.js';
import { re2Engine } from './re2.js';

/** A value that the validator came to, and what its schema says that it is for. */
export interface Met {
  readonly purpose: Purpose;
  readonly value: unknown;
  /** JSON pointer */
  readonly pointer: string;
}

/** What the validator says of a document, and what it came by on its way: in branches that do not match, too, as in Kratos. */
export interface Verdict {
  readonly errors: readonly ErrorObject[];
  readonly met: readonly Met[];
}

export interface Validator {
  /** @throws TooMuchToCheck */
  validate(document: object): Verdict;
  /** whether the validator can come to this schema, one of the document that it was made of */
  reaches(schema: JsonObject): boolean;
}

/** @param schema as readDialect makes it @throws Error where it is no schema */
export function validatorOf(schema: JsonObject): Validator {
  const reached = new Set<object>();
  const effort = new Effort();
  const compiled = newAjv(reached, effort).compile(schema);
  return {
    validate: (document) => {
      const met: Met[] = [];
      effort.begin();
      const valid = compiled.call(met, document);
      return { errors: valid ? [] : (compiled.errors ?? []), met };
    },
    reaches: (part) => reached.has(part),
  };
}

/**
 * One for each schema: two documents may carry the same $id. What every object inherits is no trait: `constructor` can be missing.
 * Every part is looked at although another was wrong: what it says that a value is for counts all the same.
 */
function newAjv(reached: Set<object>, effort: Effort): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    ownProperties: true,
    ignoreKeywordsWithRef: true,
    passContext: true,
    multipleOfPrecision: 9,
    code: { regExp: re2Engine((text) => effort.look(text)) },
  });
  for (const name of ['if', 'not']) {
    const definition = ajv.getKeyword(name) as CodeKeywordDefinition;
    ajv.removeKeyword(name).addKeyword(whole(definition));
  }
  // Ajv's own compares every item with all the others.
  ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must NOT have duplicate items' },
    validate: (unique: boolean, items: unknown[]) => !unique || equalItems(items).length === 0,
  });
  ajv.removeKeyword('format');
  ajv.addKeyword({
    keyword: 'format',
    schemaType: 'string',
    errors: false,
    error: {
      message: ({ schema }) => `must match format "${String(schema)}"`,
      params: ({ schema }) => ({ format: String(schema) }) as never,
    },
    compile: (name: string) => {
      const isValid = FORMATS.get(name);
      return (value: unknown) => isValid === undefined || (typeof value === 'string' && isValid(value));
    },
  });
  ajv.addKeyword({
    keyword: MARK,
    errors: false,
    compile: (_: unknown, schema: JsonObject) => {
      reached.add(schema);
      const purpose = purposeOf(schema);
      return function (this: Met[], value: unknown, at?: { readonly instancePath: string }): boolean {
        if (purpose === undefined || !isOfType(schema['type'], value)) return true;
        this.push({ purpose, value, pointer: at?.instancePath ?? '' });
        effort.count(this.length);
        return viasOf(purpose).every((via) => isReachable(value, via));
      };
    },
  });
  return ajv;
}

/** How the value must reach a person. */
export function viasOf({ identifies, code, recovery, verification }: Purpose): Via[] {
  const vias = [identifies.includes('code') ? code : undefined, recovery, verification];
  return vias.filter((via) => via !== undefined);
}

/** The keyword, but that what stands under it is looked at to its end. */
function whole(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  const code: CodeKeywordDefinition['code'] = (context, type) => {
    const subschema: KeywordCxt['subschema'] = (applied, valid) =>
      context.subschema({ ...applied, allErrors: true }, valid);
    return definition.code(Object.assign(Object.create(context) as KeywordCxt, { subschema }), type);
  };
  return { ...definition, code };
}

/** A value of another type than its schema's says nothing: Kratos looks no further there. */
function isOfType(types: unknown, value: unknown): boolean {
  const wanted = [types].flat();
  return (
    types === undefined || wanted.includes(typeOf(value)) || (wanted.includes('integer') && Number.isInteger(value))
  );
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
