import { ExactNumber } from '../../platform/json/index.js';
import { displayIdentifier, normalizeIdentifier } from '../identifiers/normalize.js';
import { addressOf, isReachable } from './address-formats.js';
import { isObject, type JsonObject, type Via } from './keyword.js';
import type { Met } from './validator.js';
import { segments } from './violations.js';

/** A trait value that serves as an identifier or address. */
interface Found {
  /** display form, which mail is also sent to */
  readonly value: string;
  /** normalized for comparison */
  readonly normalized: string;
  /** path within `{ traits }` */
  readonly path: readonly string[];
}

/** A value through which a person can be reached. */
interface Reachable extends Found {
  readonly via: Via;
}

/** The identifiers and addresses in the traits. No list contains a value twice. */
export interface Extracted {
  /** by credential type, in schema order */
  readonly identifiers: Readonly<Record<string, readonly Reachable[]>>;
  readonly recovery: readonly Reachable[];
  readonly verification: readonly Reachable[];
}

/**
 * Collects identifiers and addresses from the values that a validator visited.
 * @param document the validated document, with the exact digits of its numbers
 */
export function extract(met: readonly Met[], document: JsonObject): Extracted {
  const identifiers: Record<string, Reachable[]> = {};
  const recovery: Reachable[] = [];
  const verification: Reachable[] = [];
  for (const { purpose, pointer, value: given } of met) {
    const path = segments(pointer);
    const value = textOf(typeof given === 'number' ? path.reduce<unknown>(within, document) : given);
    const normalized = normalizeIdentifier(value);
    if (normalized === '') continue;
    const reachable = (via: Via): Reachable => ({ value: addressOf(value, via), normalized, path, via });
    const reaches = (via: Via | undefined): via is Via => via !== undefined && isReachable(given, via);
    for (const type of purpose.identifies) {
      if (type === 'code' && !reaches(purpose.code)) continue;
      const found = { value: displayIdentifier(value), normalized, path, via: purpose.code };
      addOnce((identifiers[type] ??= []), found);
    }
    if (reaches(purpose.recovery)) addOnce(recovery, reachable(purpose.recovery));
    if (reaches(purpose.verification)) addOnce(verification, reachable(purpose.verification));
  }
  return { identifiers, recovery, verification };
}

const within = (value: unknown, key: string): unknown => (value as Record<string, unknown> | undefined)?.[key];

/** A number identifies by its digits; any value that is neither text nor number identifies nobody. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== 'number') return '';
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

function addOnce(list: Reachable[], found: Reachable): void {
  if (!list.some(({ normalized, via }) => normalized === found.normalized && via === found.via)) list.push(found);
}

/** All schemas that apply to the same value: by reference or by combination. */
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
