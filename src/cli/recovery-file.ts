import { readFile } from 'node:fs/promises';
import type { IdentityService, IdentityView } from '../identity/index.js';
import { DomainError } from '../platform/errors/index.js';
import { presentLink, type RecoveryIssuing, type RecoveryStandings } from '../recovery/index.js';
import type { Io } from './io.js';
import type { Format } from './program.options.js';
import type { Progress } from './progress.js';
import { findIdentity, handover, type SecretOptions } from './recovery.js';
import { oneLine } from './text-table.js';
import { WrongUsage } from './wrong-usage.js';

export interface FileOptions {
  /** one id or identifier per line, or NDJSON */
  file: string;
  format: Format;
}

export interface ContainOptions extends FileOptions, Pick<SecretOptions, 'expiresIn' | 'locale' | 'reset'> {
  /** mail each link to the identity's oldest recovery address instead of printing it */
  deliver?: true;
  /** people may still recover their accounts by mail */
  keepMail?: boolean;
}

/** One line of the file; `given` is undefined if it has no id or identifier. */
export interface ListedRow {
  /** counted from 1, including empty lines */
  readonly row: number;
  readonly given: string | undefined;
}

/** `more`: further fields to print, including the only copy of a link. */
interface Done {
  readonly result: 'contained' | 'lifted' | 'unchanged';
  readonly more?: Readonly<Record<string, unknown>>;
}

type Lookup = Pick<IdentityService, 'find' | 'findByIdentifier'>;

/** Rows processed at a time. Low, so that a server on the same database keeps most of its capacity. */
const AT_A_TIME = 4;

/** @throws WrongUsage if the file can't be read */
export async function readListed(file: string): Promise<ListedRow[]> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(`Can't read ${file} (${error.code}).`);
  });
  return content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === '' ? [] : [{ row: index + 1, given: namedBy(line.trim()) }]));
}

function namedBy(line: string): string | undefined {
  if (!/^[{["]/.test(line)) return line;
  const value = jsonOf(line);
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { identity_id, id, identifier } = value as Record<string, unknown>;
  const given = identity_id ?? id ?? identifier;
  return typeof given === 'string' ? given : undefined;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Contains the accounts, each in the statement that issues its link. Skips accounts that are already contained at least as
 * strictly, so a second run issues no second link. Exit code: 0 if every account is contained, 1 otherwise.
 */
export async function containFile(
  rows: readonly ListedRow[],
  identities: Lookup,
  recovery: Pick<RecoveryIssuing, 'issueLink'>,
  options: ContainOptions,
  progress: Progress,
  io: Io,
): Promise<number> {
  const contain = options.keepMail ? 'keep_mail' : true;
  let stranded = 0;
  try {
    return await eachListed(rows, identities, options, progress, io, async (identity) => {
      const { mode, liveGrant = true } = identity.containment ?? {};
      if (mode === 'all' || (mode === 'keep_mail' && contain === 'keep_mail')) {
        if (liveGrant) return { result: 'unchanged' };
        stranded++;
        return { result: 'unchanged', more: { note: STRANDED } };
      }
      const request = { identityId: identity.id, expiresIn: options.expiresIn };
      const link = await recovery.issueLink(request, handover({ ...options, contain }, identity));
      return { result: 'contained', more: { ...presentLink(link) } };
    });
  } finally {
    if (stranded > 0) io.err(`warning: ${stranded} unchanged: ${STRANDED}`);
  }
}

const STRANDED = 'no working link or code; issue one with regain recovery link';

/** Lifts containments: older credentials work again. Exit code: 0 if no account is contained any more, 1 otherwise. */
export function liftFile(
  rows: readonly ListedRow[],
  identities: Lookup,
  standings: Pick<RecoveryStandings, 'lift'>,
  options: FileOptions,
  progress: Progress,
  io: Io,
): Promise<number> {
  return eachListed(rows, identities, options, progress, io, async ({ id }) => ({
    result: (await standings.lift(id)) ? 'lifted' : 'unchanged',
  }));
}

/**
 * Processes a few rows at a time and prints them in the order of the file. An account named by several rows is processed once. A
 * server error ends the run, after the completed rows have been printed.
 */
async function eachListed(
  rows: readonly ListedRow[],
  identities: Lookup,
  { format }: { format: Format },
  progress: Progress,
  io: Io,
  act: (identity: IdentityView) => Promise<Done>,
): Promise<number> {
  const counts: Record<string, number> = {};
  const seen = new Set<string>();
  const one = async ({ given }: ListedRow, identity: IdentityView | undefined): Promise<object> => {
    if (given === undefined) return refused('the line has no id or identifier');
    if (!identity) return refused('No identity has this id or identifier.');
    if (seen.has(identity.id)) return { result: 'unchanged', id: identity.id };
    seen.add(identity.id);
    try {
      const { result, more } = await act(identity);
      return { result, id: identity.id, ...more };
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      return { ...refused(error.reason ?? error.message), id: identity.id };
    }
  };
  try {
    for (let done = 0; done < rows.length; done += AT_A_TIME) {
      const some = rows.slice(done, done + AT_A_TIME);
      const found = await Promise.all(
        some.map(({ given }) => (given === undefined ? undefined : findIdentity(identities, given))),
      );
      const settled = await Promise.allSettled(some.map((row, index) => one(row, found[index])));
      for (const [index, outcome] of settled.entries()) {
        if (outcome.status === 'rejected') continue;
        const told = { row: some[index]!.row, ...(outcome.value as { result: string }) };
        counts[told.result] = (counts[told.result] ?? 0) + 1;
        io.out(format === 'json' ? JSON.stringify(told) : lineOf(told));
      }
      const broken = settled.find((outcome) => outcome.status === 'rejected');
      if (broken) throw broken.reason;
      progress.show('accounts', done + some.length, rows.length);
    }
  } finally {
    progress.end();
    const summary = Object.entries(counts).map(([result, count]) => `${count} ${result}`);
    io.err(summary.length === 0 ? 'nothing done' : summary.join(', '));
  }
  return counts['refused'] === undefined ? 0 : 1;
}

const refused = (reason: string) => ({ result: 'refused', reason });

function lineOf({ row, result, ...more }: { row: number; result: string }): string {
  return oneLine([`row ${row}: ${result}`, ...Object.values(more).map(String)].join(' '));
}
