import {
  cloneJson,
  ExactNumber,
  exactNumbersIn,
  holdsExact,
  isJsonObject,
  type JsonPath,
  pathText,
  valueOf,
} from '../../platform/json/index.js';
import { TraitsInvalid } from '../identity.errors.js';
import { type Violation, violation } from './violations.js';

/** The parts of an identity that may hold any JSON, by their API names. */
export interface JsonParts {
  readonly traits?: unknown;
  readonly metadata_public?: unknown;
  readonly metadata_admin?: unknown;
}

/** Exact numbers at the same place that were read as the same double. All places in a list count as one. */
interface Candidates {
  readonly first: ExactNumber;
  readonly differ: boolean;
}

/** Maximum number of numbers that one error names. */
const MOST_TOLD = 20;

/** The stored numbers, indexed for both lookups, because a document may contain as many numbers as it has parts. */
class Stored {
  readonly #at = new Map<string, ExactNumber>();
  readonly #candidates = new Map<string, Candidates>();
  readonly #values = new Set<string>();

  constructor(before: JsonParts) {
    for (const { path, number } of exactNumbersIn(before)) {
      this.#at.set(pathText(path), number);
      this.#values.add(valueOf(number.text));
      const key = keyOf(path, Number(number.text));
      const { first, differ } = this.#candidates.get(key) ?? { first: number, differ: false };
      this.#candidates.set(key, { first, differ: differ || valueOf(first.text) !== valueOf(number.text) });
    }
  }

  has({ text }: ExactNumber): boolean {
    return this.#values.has(valueOf(text));
  }

  /** The stored number that the double was read from: the one at the same place, or else the only match in its list. */
  of(double: number, path: JsonPath): { readonly number: number | ExactNumber; readonly isUnsure: boolean } {
    const candidates = this.#candidates.get(keyOf(path, double));
    if (candidates === undefined) return { number: double, isUnsure: false };
    const same = this.#at.get(pathText(path));
    if (same !== undefined && Number(same.text) === double) return { number: same, isUnsure: false };
    return { number: candidates.first, isUnsure: candidates.differ };
  }
}

/**
 * Returns the values to store, so that no stored number changes by accident. A client that parses JSON numbers as
 * doubles sends a stored 9007199254740993 back as 9007199254740992; the stored number is kept. A number that is not
 * stored and has more digits than a double is refused.
 * @param before the stored values
 * @throws TraitsInvalid naming each number that can't be kept
 */
export function keepDigits<Parts extends JsonParts>(before: JsonParts, next: Parts): Parts {
  if (!holdsExact(before) && !holdsExact(next)) return next;
  const refused: Violation[] = [];
  const written = restore(before, cloneJson(next), [], new Stored(before), refused);
  if (refused.length > 0) throw new TraitsInvalid(refused);
  return written as Parts;
}

function restore(before: unknown, next: unknown, path: JsonPath, stored: Stored, refused: Violation[]): unknown {
  if (next instanceof ExactNumber) {
    if (!stored.has(next)) refuse(path, refused);
    return next;
  }
  if (typeof next === 'number') return next === before ? next : restored(next, path, stored, refused);
  if (Array.isArray(next)) {
    const list: unknown[] = Array.isArray(before) ? before : [];
    return next.map((each, index) => restore(list[index], each, [...path, index], stored, refused));
  }
  if (!isJsonObject(next)) return next;
  const object = isJsonObject(before) ? before : {};
  const entries = Object.entries(next).map(([key, each]) => {
    const own = Object.hasOwn(object, key) ? object[key] : undefined;
    return [key, restore(own, each, [...path, key], stored, refused)] as const;
  });
  return Object.fromEntries(entries);
}

function restored(double: number, path: JsonPath, stored: Stored, refused: Violation[]): number | ExactNumber {
  const { number, isUnsure } = stored.of(double, path);
  if (isUnsure) refuse(path, refused);
  return number;
}

const keyOf = (path: JsonPath, double: number): string =>
  `${pathText(path.map((part) => (typeof part === 'number' ? '*' : part)))} ${double}`;

function refuse(path: JsonPath, refused: Violation[]): void {
  if (refused.length === MOST_TOLD) return;
  const text = `the number at ${pathText(path)} would lose digits: send it as a string`;
  refused.push(violation(path.map(String), text));
}
