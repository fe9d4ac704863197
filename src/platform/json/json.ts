import { ExactNumber, numberOf } from './exact-number.js';

/**
 * Sixteen digits in a row, or an exponent. Without these, a double holds every number exactly. A match inside a string
 * only costs time: the text is parsed the slow way.
 */
const MAY_BE_EXACT = /\d[\d.]{15}|(?:^|[[:,])\s*-?\d[\d.]*e/i;

type Reviver = (key: string, value: unknown, context: { readonly source: string }) => unknown;

/**
 * Like JSON.parse, but returns an ExactNumber for each number that a double would change.
 * @throws SyntaxError
 */
export function parseExact(text: string): unknown {
  if (!MAY_BE_EXACT.test(text)) return JSON.parse(text) as unknown;
  const reviver: Reviver = (_, value, { source }) => (typeof value === 'number' ? numberOf(source) : value);
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as unknown;
}

/** True for a JSON object, not for lists, null or scalars. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Path of a value: object keys and list indexes. */
export type JsonPath = readonly (string | number)[];

/** A copy in which `leaf` replaces every exact number. Keys remain own keys, even `__proto__`. */
function mapExact(value: unknown, leaf: (exact: ExactNumber) => unknown): unknown {
  if (value instanceof ExactNumber) return leaf(value);
  if (Array.isArray(value)) return value.map((each) => mapExact(each, leaf));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapExact(each, leaf)]));
}

/** A deep copy. */
export const cloneJson = <T>(value: T): T => mapExact(value, (exact) => exact) as T;

/** The same JSON for code that only handles doubles. Do not store its result: digits may be lost. */
export const withDoubles = <T>(value: T): T =>
  holdsExact(value) ? (mapExact(value, (exact) => exact.toDouble()) as T) : value;

/** Every exact number with its path. */
export function exactNumbersIn(
  value: unknown,
  at: JsonPath = [],
): { readonly path: JsonPath; readonly number: ExactNumber }[] {
  if (value instanceof ExactNumber) return [{ path: at, number: value }];
  if (Array.isArray(value)) return value.flatMap((each, index) => exactNumbersIn(each, [...at, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => exactNumbersIn(each, [...at, key]));
}

export function holdsExact(value: unknown): boolean {
  if (value instanceof ExactNumber) return true;
  if (Array.isArray(value)) return value.some(holdsExact);
  return isJsonObject(value) && Object.values(value).some(holdsExact);
}

/** A path in readable form: `traits.scores[2]`, `traits["a b"]`. */
export function pathText(path: JsonPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
