import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import {
  Credentials,
  IdentityBulk,
  ImportedPasswords,
  Passwords,
  type StoredCredential,
  type StoredIdentity,
} from '../../identity/privileged.js';
import { Database, isUniqueViolation } from '../../platform/database/index.js';
import { SessionBulk } from '../../session/index.js';
import { type Converted, Converter } from '../conversion/converter.js';
import type { Losers } from '../conversion/losers.js';
import { isMark, isUsedAsSecondFactor } from '../conversion/second-factors.js';
import { KratosImportRaced } from '../kratos-import.errors.js';
import { ImportRuns } from '../persistence/import-run.js';
import type { KratosIdentity } from '../source/kratos-rows.js';
import type { KratosSource } from '../source/kratos-source.js';

export interface Write {
  readonly source: KratosSource;
  readonly network: string;
  readonly run: string;
  readonly withSessions: boolean;
  readonly batchSize: number;
  readonly losers: Losers;
  progress(done: number): void | Promise<void>;
}

export interface Wrote {
  readonly identities: number;
  readonly sessions: number;
  /** rows for second factors */
  readonly secondFactors: number;
  /** identities imported with sessions in this run */
  readonly withSessions: ReadonlySet<string>;
}

/** Writes missing identities, one batch per transaction. */
@Injectable()
export class WriteIdentities {
  constructor(
    private readonly db: Database,
    private readonly regain: RegainConfig,
    private readonly bulk: IdentityBulk,
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
    private readonly imported: ImportedPasswords,
    private readonly sessions: SessionBulk,
    private readonly converter: Converter,
    private readonly runs: ImportRuns,
  ) {}

  /** @throws KratosSourceLost, KratosImportRaced, KratosImportTakenOver, Unavailable */
  async run({ source, network, run, withSessions, batchSize, losers, progress }: Write): Promise<Wrote> {
    const wrote = { identities: 0, sessions: 0, secondFactors: 0, withSessions: new Set<string>() };
    let done = 0;
    for await (const batch of source.batches(network, batchSize, withSessions)) {
      const here = await this.bulk.existing(batch.map(({ id }) => id));
      const earlier = batch.filter(({ id, credentials }) => here.has(id) && credentials.some(isUsedAsSecondFactor));
      if (earlier.length > 0) wrote.secondFactors += await this.#mark(run, earlier, losers);
      const fresh = await this.#fresh(
        batch.filter(({ id }) => !here.has(id)),
        losers,
      );
      if (fresh.length > 0) await this.#insert(run, fresh);
      wrote.identities += fresh.length;
      for (const { identity, sessions } of fresh) {
        wrote.secondFactors += identity.credentials.filter(isMark).length;
        wrote.sessions += sessions.length;
        if (sessions.length > 0) wrote.withSessions.add(identity.id);
      }
      await progress((done += batch.length));
    }
    return wrote;
  }

  async #fresh(given: readonly KratosIdentity[], losers: Losers): Promise<Converted[]> {
    return this.#wrapped(given.map((each) => this.converter.convert(each, losers)));
  }

  /** Adds rows that earlier versions left out. Resolves to the number of rows added. */
  async #mark(run: string, earlier: readonly KratosIdentity[], losers: Losers): Promise<number> {
    const marks = earlier.flatMap((given) =>
      this.converter
        .convert(given, losers)
        .identity.credentials.filter(isMark)
        .map((mark) => ({ identityId: given.id, ...mark })),
    );
    return this.db.transaction(async (em) => {
      await this.runs.count(em, run, 0, 0);
      return this.credentials.addMissingSecondFactors(em, marks);
    });
  }

  async #insert(run: string, fresh: readonly Converted[]): Promise<void> {
    const sessions = fresh.flatMap((each) => each.sessions);
    try {
      await this.db.transaction(async (em) => {
        await this.runs.count(em, run, fresh.length, sessions.length);
        await this.bulk.insert(
          em,
          fresh.map(({ identity }) => identity),
        );
        await this.sessions.insert(em, sessions);
      });
    } catch (error) {
      throw isUniqueViolation(error) ? new KratosImportRaced() : error;
    }
  }

  /** Wraps hashes with the same concurrency as logins: each takes memory and a core. */
  async #wrapped(fresh: readonly Converted[]): Promise<Converted[]> {
    const result = [...fresh];
    const waiting = [...fresh.keys()].filter((index) => this.#hasFastHash(fresh[index]!.identity));
    const work = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const each = result[index]!;
        result[index] = { ...each, identity: await this.#wrap(each.identity) };
      }
    };
    await Promise.all(Array.from({ length: this.regain.hashing.concurrency }, work));
    return result;
  }

  #hasFastHash({ credentials }: StoredIdentity): boolean {
    return credentials.some((credential) => {
      const hash = hashOf(credential);
      return hash !== undefined && this.imported.fateOf(hash).fate === 'wrapped';
    });
  }

  async #wrap(identity: StoredIdentity): Promise<StoredIdentity> {
    const credentials = await Promise.all(
      identity.credentials.map(async (credential) => {
        const hash = hashOf(credential);
        if (hash === undefined) return credential;
        return { ...credential, config: { hashed_password: await this.passwords.acceptImported(hash) } };
      }),
    );
    return { ...identity, credentials };
  }
}

function hashOf({ type, config }: StoredCredential): string | undefined {
  const hash = type === 'password' ? config['hashed_password'] : undefined;
  return typeof hash === 'string' ? hash : undefined;
}
