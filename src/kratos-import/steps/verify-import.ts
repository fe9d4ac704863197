import { Injectable } from '@nestjs/common';
import { IdentityBulk, ImportedPasswords } from '../../identity/privileged.js';
import { SessionBulk, type StoredImport } from '../../session/index.js';
import { differences, digestOf, partsOf, sessionText } from '../conversion/comparison.js';
import { type Converted, Converter } from '../conversion/converter.js';
import type { Losers } from '../conversion/losers.js';
import type { Verification } from '../kratos-import.report.js';
import type { KratosSource } from '../source/kratos-source.js';

export interface Verify {
  readonly source: KratosSource;
  readonly network: string;
  readonly withSessions: boolean;
  readonly batchSize: number;
  readonly losers: Losers;
  /** identities whose sessions must exist */
  readonly cameWithSessions: ReadonlySet<string>;
  progress(done: number): void | Promise<void>;
}

/** Maximum number of ids to report; counting continues. */
const MOST_IDS = 1_000;

/** Reads both sides again and compares them. */
@Injectable()
export class VerifyImport {
  constructor(
    private readonly bulk: IdentityBulk,
    private readonly passwords: ImportedPasswords,
    private readonly sessions: SessionBulk,
    private readonly converter: Converter,
  ) {}

  async run({
    source,
    network,
    withSessions,
    batchSize,
    losers,
    cameWithSessions,
    progress,
  }: Verify): Promise<Verification> {
    const result = {
      compared: 0,
      equal: 0,
      missing: [] as string[],
      different: [] as { id: string; parts: string[] }[],
    };
    const sessions = { expected: 0, equal: 0 };
    const digests: { source: string[]; target: string[] } = { source: [], target: [] };
    for await (const batch of source.batches(network, batchSize, withSessions)) {
      const expected = batch.map((given) => this.converter.convert(given, losers));
      const compared = await this.#identities(expected);
      result.compared += batch.length;
      result.equal += batch.length - compared.missing.length - compared.different.length;
      addSome(result.missing, compared.missing);
      addSome(result.different, compared.different);
      digests.source.push(compared.digests.source);
      digests.target.push(compared.digests.target);
      await this.#sessions(
        expected.filter(({ identity }) => cameWithSessions.has(identity.id)),
        sessions,
      );
      await progress(result.compared);
    }
    return { ...result, sessions, digests: { source: digestOf(digests.source), target: digestOf(digests.target) } };
  }

  async #identities(expected: readonly Converted[]): Promise<Pick<Verification, 'missing' | 'different' | 'digests'>> {
    const here = await this.bulk.read(expected.map(({ identity }) => identity.id));
    const formOf = (hash: string): string => this.passwords.formOf(hash);
    const [missing, different]: [string[], { id: string; parts: string[] }[]] = [[], []];
    const texts: { source: string[]; target: string[] } = { source: [], target: [] };
    for (const { identity } of expected) {
      const wanted = partsOf(identity, formOf);
      const found = here.get(identity.id);
      texts.source.push(...Object.values(wanted));
      if (found === undefined) {
        missing.push(identity.id);
        continue;
      }
      const actual = partsOf(found, formOf);
      texts.target.push(...Object.values(actual));
      const parts = differences(wanted, actual);
      if (parts.length > 0) different.push({ id: identity.id, parts });
    }
    return { missing, different, digests: { source: digestOf(texts.source), target: digestOf(texts.target) } };
  }

  async #sessions(expected: readonly Converted[], count: { expected: number; equal: number }): Promise<void> {
    const wanted = expected.flatMap(({ sessions }) => sessions.map((session) => this.sessions.stored(session)));
    if (wanted.length === 0) return;
    const stored = await this.sessions.read(expected.map(({ identity }) => identity.id));
    const here = new Map(stored.map((session: StoredImport) => [session.id, sessionText(session)]));
    count.expected += wanted.length;
    count.equal += wanted.filter((session) => here.get(session.id) === sessionText(session)).length;
  }
}

function addSome<T>(list: T[], more: readonly T[]): void {
  list.push(...more.slice(0, MOST_IDS - list.length));
}
