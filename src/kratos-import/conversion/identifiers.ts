import { normalizeIdentifier } from '../../identity/index.js';
import type { StoredIdentifier } from '../../identity/privileged.js';

/** Bytes: what an index entry holds, with room to spare. */
const LONGEST = 1_024;

/** The subject that a provider gave is compared to the letter. */
const EXACT = new Set(['oidc']);

export function isComparedAsFolded(credentialType: string): boolean {
  return !EXACT.has(credentialType);
}

/** The identifier as it is kept; undefined where nothing is left of it, or too much. */
export function identifierOf(value: string, credentialType?: string): StoredIdentifier | undefined {
  const normalized =
    credentialType !== undefined && !isComparedAsFolded(credentialType) ? value : normalizeIdentifier(value);
  if (normalized === '' || Buffer.byteLength(normalized) > LONGEST) return undefined;
  return { value, normalized };
}

interface Kept<Row> {
  readonly rows: Row[];
  /** were the same as one that is kept */
  readonly merged: number;
  /** could not be kept */
  readonly unusable: number;
}

/** Each once, as compared; the first spelling stays. */
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
