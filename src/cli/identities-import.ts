import { readFile } from 'node:fs/promises';
import {
  type IdentityService,
  IdentityTaken,
  type IdentityView,
  type NewIdentity,
  readNewIdentity,
} from '../identity/index.js';
import { DomainError } from '../platform/errors/index.js';
import { parseExact } from '../platform/json/index.js';
import type { Io } from './io.js';

export interface ImportOptions {
  /** NDJSON (one identity a line) or a JSON array of identities, each as `POST /admin/identities` takes it */
  readonly file: string;
  readonly format: 'text' | 'json';
}

/** `row` counts from 1. */
interface RowResult {
  readonly row: number;
  readonly result: 'created' | 'exists' | 'refused';
  readonly id?: string;
  readonly reason?: string;
}

/** Everything that an import needs of the identity module. */
export type ImportTarget = Pick<IdentityService, 'create' | 'findByExternalId' | 'identifiersIn' | 'findByIdentifier'>;

/**
 * Creates the identities of a file, one after the other. Running it again goes on where it stopped: an identity
 * whose external id is there, or all of whose identifiers belong to one that is there, counts as existing.
 * Exit code: 0 when every row was created or exists, 1 otherwise.
 */
export async function runIdentitiesImport(
  identities: ImportTarget,
  { file, format }: ImportOptions,
  io: Io,
): Promise<number> {
  const rows = await readRows(file, io);
  if (rows === undefined) return 1;
  const counts = { created: 0, exists: 0, refused: 0 };
  for (const [index, read] of rows.entries()) {
    const result = await importRow(identities, index + 1, read);
    counts[result.result]++;
    io.out(format === 'json' ? JSON.stringify(result) : lineOf(result));
  }
  const summary = `${counts.created} created, ${counts.exists} exist, ${counts.refused} refused`;
  if (format === 'json') io.err(summary);
  else io.out(summary);
  return counts.refused === 0 ? 0 : 1;
}

async function importRow(identities: ImportTarget, row: number, read: () => unknown): Promise<RowResult> {
  try {
    const value = read();
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { row, result: 'refused', reason: 'must be a JSON object' };
    const input = readNewIdentity(value);
    try {
      return { row, result: 'created', id: (await identities.create(input)).id };
    } catch (error) {
      if (!(error instanceof IdentityTaken)) throw error;
      const existing = await existingFor(identities, input);
      if (existing === undefined) throw error;
      return { row, result: 'exists', id: existing.id };
    }
  } catch (error) {
    if (!(error instanceof DomainError) || error.status >= 500) throw error;
    return { row, result: 'refused', reason: error.reason ?? error.message };
  }
}

/** The identity that an earlier run made of the row; undefined where somebody else merely has a part of it. */
async function existingFor(identities: ImportTarget, input: NewIdentity): Promise<IdentityView | undefined> {
  if (input.externalId) return identities.findByExternalId(input.externalId);
  const owners: (IdentityView | undefined)[] = [];
  for (const identifier of identities.identifiersIn(input)) owners.push(await identities.findByIdentifier(identifier));
  const first = owners[0];
  return owners.every((owner) => owner !== undefined && owner.id === first?.id) ? first : undefined;
}

/** One reader a row, so that a broken line refuses itself only. Undefined: the file as a whole is of no use. */
async function readRows(file: string, io: Io): Promise<(() => unknown)[] | undefined> {
  try {
    const content = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').trim();
    if (content.startsWith('[')) return (parseExact(content) as unknown[]).map((value) => () => value);
    return content.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [() => jsonOf(line)]));
  } catch (error) {
    const { code = 'not valid JSON' } = error as NodeJS.ErrnoException;
    io.err(`${file} cannot be read (${code}).`);
    return undefined;
  }
}

/** Undefined where the line is no JSON. */
function jsonOf(line: string): unknown {
  try {
    return parseExact(line);
  } catch {
    return undefined;
  }
}

function lineOf({ row, result, id, reason }: RowResult): string {
  const about = id ?? (reason ?? '').replaceAll('\n', '; ');
  return result === 'refused' ? `row ${row}: refused: ${about}` : `row ${row}: ${result} ${about}`;
}
