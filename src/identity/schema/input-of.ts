import { ExactNumber } from '../../platform/json/index.js';
import { partsOf } from './addresses-of.js';
import { isObject, type JsonObject } from './keyword.js';

/** The form input for a value. */
export interface Input {
  readonly type: 'email' | 'text' | 'number' | 'checkbox' | 'tel' | 'url' | 'date' | 'datetime-local';
  readonly autocomplete?: 'email' | 'tel' | 'url';
  readonly pattern?: string;
  /** the values that an `enum` allows */
  readonly options?: readonly { readonly value: string | number | boolean }[];
}

/** By format; browsers can autofill the last three. */
const FORMATS: Readonly<Record<string, Pick<Input, 'type' | 'autocomplete'>>> = {
  'date-time': { type: 'datetime-local' },
  date: { type: 'date' },
  regex: { type: 'text' },
  email: { type: 'email', autocomplete: 'email' },
  tel: { type: 'tel', autocomplete: 'tel' },
  uri: { type: 'url', autocomplete: 'url' },
};

/** The input for a value of this type. */
export function inputOf(schema: JsonObject, type: string): Input {
  const { format, pattern } = schema;
  const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  const values = Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]).filter(isPlain) : [];
  return {
    ...(known ?? { type: plainInput(type) }),
    ...(typeof pattern === 'string' && pattern !== '' ? { pattern } : {}),
    ...(values.length === 0 ? {} : { options: values.map((value) => ({ value })) }),
  };
}

function plainInput(type: string): 'checkbox' | 'number' | 'text' {
  if (type === 'boolean') return 'checkbox';
  return type === 'number' || type === 'integer' ? 'number' : 'text';
}

/** The input for a value that no schema applies to. */
export function inputOfValue(value: unknown): Input {
  return { type: plainInput(value instanceof ExactNumber ? 'number' : typeof value) };
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** The JSON types that a schema itself declares: by a constant, else by `type`. */
export function typesOf(schema: JsonObject): string[] {
  const { const: constant, type } = schema;
  if (isPlain(constant)) return [typeof constant];
  if (constant !== undefined) return [];
  return [type].flat().filter((each) => typeof each === 'string');
}

/** The types of a list's items, without duplicates. */
export function itemTypes(root: JsonObject, schema: JsonObject): string[] {
  const items = [schema['items']].flat().filter(isObject);
  const parts = items.flatMap((item) => [item, ...partsOf(root, item)]).filter(isObject);
  return [...new Set(parts.flatMap(typesOf))];
}
