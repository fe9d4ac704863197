import {
  cloneJson,
  ExactNumber,
  exactNumbersIn,
  holdsExact,
  isJsonObject,
  type JsonPath,
  pathText,
  sameValue,
} from '../../platform/json/index.js';
import { TraitsInvalid } from '../identity.errors.js';
import { type Violation, violation } from './violations.js';

/** What of an identity holds any JSON, by the names of the wire. */
export interface JsonParts {
  readonly traits?: unknown;
  readonly metadata_public?: unknown;
  readonly metadata_admin?: unknown;
}

interface Kept {
  readonly path: JsonPath;
  /** the same for all places of a list */
  readonly place: string;
  readonly number: ExactNumber;
}

/**
 * What to write so that no number that is stored changes unasked. A client that reads JSON into doubles sends a stored
 * 9007199254740993 back as 9007199254740992: the stored one stays. What has more digits than a double, and is not stored, is refused.
 * @param before what is stored
 * @throws TraitsInvalid that names each number that cannot be kept
 */
export function keepDigits<Parts extends JsonParts>(before: JsonParts, next: Parts): Parts {
  if (!holdsExact(before) && !holdsExact(next)) return next;
  const kept = exactNumbersIn(before).map((each) => ({ ...each, place: placeOf(each.path) }));
  const refused: Violation[] = [];
  const written = restore(before, cloneJson(next), [], kept, refused);
  if (refused.length > 0) throw new TraitsInvalid(refused);
  return written as Parts;
}

function restore(before: unknown, next: unknown, path: JsonPath, kept: readonly Kept[], refused: Violation[]): unknown {
  if (next instanceof ExactNumber) {
    if (!kept.some(({ number }) => sameValue(number.text, next.text))) refused.push(tooManyDigits(path));
    return next;
  }
  if (typeof next === 'number') return next === before ? next : restored(next, path, kept, refused);
  if (Array.isArray(next)) {
    const list: unknown[] = Array.isArray(before) ? before : [];
    return next.map((each, index) => restore(list[index], each, [...path, index], kept, refused));
  }
  if (!isJsonObject(next)) return next;
  const object = isJsonObject(before) ? before : {};
  const entries = Object.entries(next).map(([key, each]) => {
    const own = Object.hasOwn(object, key) ? object[key] : undefined;
    return [key, restore(own, each, [...path, key], kept, refused)] as const;
  });
  return Object.fromEntries(entries);
}

/** The stored number that a double was read from: the one at the same place, or else the only one that its list has. */
function restored(double: number, path: JsonPath, kept: readonly Kept[], refused: Violation[]): number | ExactNumber {
  const place = placeOf(path);
  const candidates = kept.filter((each) => each.place === place && Number(each.number.text) === double);
  const same = candidates.find((each) => pathText(each.path) === pathText(path));
  const [first] = candidates;
  if (first === undefined) return double;
  if (same) return same.number;
  if (candidates.some(({ number }) => !sameValue(number.text, first.number.text))) refused.push(tooManyDigits(path));
  return first.number;
}

const placeOf = (path: JsonPath): string => pathText(path.map((part) => (typeof part === 'number' ? '*' : part)));

function tooManyDigits(path: JsonPath): Violation {
  const text = `the number at ${pathText(path)} would lose digits: send it as a string`;
  return violation(path.map(String), text);
}
