import { normalizeIdentifier } from '../../identity/index.js';
import type { StoredIdentifier } from '../../identity/privileged.js';

/** Bytes; well below the limit of an index entry. */
const LONGEST = 1_024;

/** Subjects of providers are compared literally. */
const EXACT = new Set(['oidc']);

export function isComparedAsFolded(credentialType: string): boolean {
  return !EXACT.has(credentialType);
}

/** The identifier as stored; undefined if it is empty or too long after normalization. */
export function identifierOf(value: string, credentialType?: string): StoredIdentifier | undefined {
  const normalized =
    credentialType !== undefined && !isComparedAsFolded(credentialType) ? value : normalizeIdentifier(value);
  if (normalized === '' || Buffer.byteLength(normalized) > LONGEST) return undefined;
  return { value, normalized };
}

interface Kept<Row> {
  readonly rows: Row[];
  /** number of duplicates */
  readonly merged: number;
  /** number of identifiers that can't be stored */
  readonly unusable: number;
}

/** Removes duplicates after normalization; keeps the first spelling. */
export function eachOnce<Given, Row extends StoredIdentifier>(
  given: readonly Given[],
  keep: (each: Given) => Row | undefined,
  spaceOf: (row: Row) => string = () => '',
): Kept<Row> {
  const rows = new Map<string, Row>();
  let [merged, unusable] = [0, 0];
  for (const each of given) {
    const row = keep(each);
    if (row === undefined) {
      unusable++;
      continue;
    }
    const key = `${spaceOf(row)} ${row.normalized}`;
    if (rows.has(key)) merged++;
    else rows.set(key, row);
  }
  return { rows: [...rows.values()], merged, unusable };
}
