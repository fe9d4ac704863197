import { Ajv, type CodeKeywordDefinition, type ErrorObject, type KeywordCxt } from 'ajv';
import { isReachable } from './address-formats.js';
import { Effort } from './effort.js';
import { equalItems } from './equal-items.js';
import { FORMATS } from './formats/index.js';
import { type JsonObject, MARK, type Purpose, purposeOf, type Via } from './keyword.js';
import { re2Engine } from './re2.js';

/** A value that the validator visited, and the purpose that its schema gives it. */
export interface Met {
  readonly purpose: Purpose;
  readonly value: unknown;
  /** JSON pointer */
  readonly pointer: string;
}

/**
 * The validator's errors for a document, and the values with a purpose that it visited, including in branches that
 * don't match, as in Kratos.
 */
export interface Verdict {
  readonly errors: readonly ErrorObject[];
  readonly met: readonly Met[];
}

export interface Validator {
  /** @throws TooMuchToCheck */
  validate(document: object): Verdict;
  /** whether the validator can reach this schema, which must be part of the compiled document */
  reaches(schema: JsonObject): boolean;
}

/**
 * @param schema as readDialect makes it
 * @throws Error if it is not a valid schema
 */
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

/** Patterns and references are checked where they are read. */
const BY_FORMAT: readonly string[] = ['format', 'propertyNames'];

/** What is wrong with the schema itself, except its formats; undefined if nothing is. */
export function faultsOf(schema: JsonObject): string | undefined {
  const ajv = newAjv(new Set(), new Effort());
  if (ajv.validateSchema(schema) === true) return undefined;
  const errors = (ajv.errors ?? []).filter(({ keyword }) => !BY_FORMAT.includes(keyword));
  return errors.length === 0 ? undefined : `schema is invalid: ${ajv.errorsText(errors)}`;
}

/**
 * One instance per schema, because two documents may have the same $id. Inherited properties are not traits, so
 * `constructor` can be missing. All errors are collected, so that every part is visited: a purpose counts even if
 * another part is invalid.
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
  // Ajv's own version compares every item with all others.
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

/** The ways in which the value must reach a person. */
export function viasOf({ identifies, code, recovery, verification }: Purpose): Via[] {
  const vias = [identifies.includes('code') ? code : undefined, recovery, verification];
  return vias.filter((via) => via !== undefined);
}

/** The keyword, but its subschemas are all evaluated, even after one has decided the result. */
function whole(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  const code: CodeKeywordDefinition['code'] = (context, type) => {
    const subschema: KeywordCxt['subschema'] = (applied, valid) =>
      context.subschema({ ...applied, allErrors: true }, valid);
    return definition.code(Object.assign(Object.create(context) as KeywordCxt, { subschema }), type);
  };
  return { ...definition, code };
}

/** If a value has another type than its schema declares, its purpose is ignored: Kratos looks no further either. */
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
