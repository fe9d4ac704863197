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
  /** NDJSON (one identity per line) or a JSON array; each identity is a body of `POST /admin/identities` */
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

/** The methods of the identity module that an import uses. */
export type ImportTarget = Pick<IdentityService, 'create' | 'findByExternalId' | 'identifiersIn' | 'findByIdentifier'>;

/**
 * Creates the identities of a file one by one. Safe to run again: a row counts as existing if an identity has its
 * external id, or one identity has all its identifiers.
 * Exit code: 0 if every row was created or exists, 1 otherwise.
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

/** The identity that an earlier run created from the row; undefined if another identity merely shares an identifier. */
async function existingFor(identities: ImportTarget, input: NewIdentity): Promise<IdentityView | undefined> {
  if (input.externalId) return identities.findByExternalId(input.externalId);
  const owners: (IdentityView | undefined)[] = [];
  for (const identifier of identities.identifiersIn(input)) owners.push(await identities.findByIdentifier(identifier));
  const first = owners[0];
  return owners.every((owner) => owner !== undefined && owner.id === first?.id) ? first : undefined;
}

/** One reader per row, so that a broken line refuses only itself. Undefined: the whole file is unreadable. */
async function readRows(file: string, io: Io): Promise<(() => unknown)[] | undefined> {
  try {
    const content = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').trim();
    if (content.startsWith('[')) return (parseExact(content) as unknown[]).map((value) => () => value);
    return content.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [() => jsonOf(line)]));
  } catch (error) {
    const { code = 'not valid JSON' } = error as NodeJS.ErrnoException;
    io.err(`Can't read ${file} (${code}).`);
    return undefined;
  }
}

/** Undefined if the line isn't JSON. */
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
