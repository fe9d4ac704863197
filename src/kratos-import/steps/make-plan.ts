import { Injectable } from '@nestjs/common';
import { Configuration, RegainConfig } from '../../config/index.js';
import { IdentityRefused, IdentityService, TraitsInvalid } from '../../identity/index.js';
import { IdentityBulk, ImportedPasswords, type StoredIdentity } from '../../identity/privileged.js';
import { differences, partsOf } from '../conversion/comparison.js';
import { parseExact } from '../../platform/json/index.js';
import { Converter } from '../conversion/converter.js';
import { jsonOf } from '../conversion/json.js';
import type { Losers } from '../conversion/losers.js';
import { isMark, withMarks } from '../conversion/second-factors.js';
import { Tally } from '../conversion/tally.js';
import {
  type Blocker,
  type Found,
  type KratosImportOptions,
  type KratosPlan,
  lossesIn,
} from '../kratos-import.report.js';
import type { KratosCounts, KratosIdentity } from '../source/kratos-rows.js';
import type { KratosSource } from '../source/kratos-source.js';

export interface Look {
  readonly source: KratosSource;
  readonly network: string;
  readonly networks: KratosPlan['networks'];
  readonly counts: KratosCounts;
  readonly options: KratosImportOptions;
  readonly batchSize: number;
  readonly losers: Losers;
  progress(done: number): void | Promise<void>;
}

/** Reads every identity and plans what to import and what to leave behind. Writes nothing. */
@Injectable()
export class MakePlan {
  constructor(
    private readonly configuration: Configuration,
    private readonly regain: RegainConfig,
    private readonly identities: IdentityService,
    private readonly bulk: IdentityBulk,
    private readonly passwords: ImportedPasswords,
    private readonly converter: Converter,
  ) {}

  async run(look: Look): Promise<KratosPlan> {
    const { source, network, networks, counts, options } = look;
    const schemas = await this.#schemas(source, network);
    const tally = new Tally();
    const identities = { fresh: 0, earlier: 0, different: 0 };
    let [done, sessions] = [0, 0];
    for await (const batch of source.batches(network, look.batchSize, options.withSessions)) {
      sessions += await this.#look(batch, look.losers, tally, identities);
      await look.progress((done += batch.length));
    }
    const found = tally.found();
    return {
      networks,
      network,
      counts,
      schemas,
      identities,
      sessions,
      hashes: tally.hashes(),
      found,
      secondFactor: this.regain.recovery.second_factor,
      blockers: [...unknownSchemas(schemas), ...losses(found, options.acceptLoss)],
    };
  }

  async #schemas(source: KratosSource, network: string): Promise<KratosPlan['schemas']> {
    const known = new Set(this.configuration.schemas.map(({ id }) => id));
    return (await source.schemas(network)).map((schema) => ({ ...schema, known: known.has(schema.id) }));
  }

  /** Resolves to the number of sessions to import. */
  async #look(
    batch: readonly KratosIdentity[],
    losers: Losers,
    tally: Tally,
    count: { fresh: number; earlier: number; different: number },
  ): Promise<number> {
    const here = await this.bulk.read(batch.map(({ id }) => id));
    // Includes existing identities: what an earlier run left out isn't expected now either.
    for (const claim of await this.bulk.taken(batch.map((each) => this.converter.convert(each, losers).identity)))
      losers.add(claim);
    let sessions = 0;
    for (const given of batch) {
      const converted = this.converter.convert(given, losers, tally);
      this.#checkTraits(converted.identity, tally);
      const before = here.get(given.id);
      if (before === undefined) {
        count.fresh++;
        sessions += converted.sessions.length;
        continue;
      }
      for (const _ of converted.sessions) tally.add(given.id, 'session_of_earlier_identity');
      const afterwards = withMarks(before, converted.identity.credentials.filter(isMark));
      const different = this.#differs(afterwards, converted.identity);
      count[different ? 'different' : 'earlier']++;
      if (different) tally.add(given.id, 'exists_differently');
    }
    return sessions;
  }

  #differs(before: StoredIdentity, given: StoredIdentity): boolean {
    const formOf = (hash: string): string => this.passwords.formOf(hash);
    return differences(partsOf(before, formOf), partsOf(given, formOf)).length > 0;
  }

  /** Reports traits that violate the schema. The identity is imported anyway: Kratos, too, validates only changes. */
  #checkTraits({ id, schemaId, traits }: StoredIdentity, tally: Tally): void {
    try {
      this.identities.identifiersIn({ schemaId, traits: jsonOf(parseExact(traits)) });
    } catch (error) {
      if (error instanceof TraitsInvalid) tally.add(id, 'traits_invalid');
      else if (!(error instanceof IdentityRefused)) throw error; // unknown schemas are reported once for all identities
    }
  }
}

function unknownSchemas(schemas: KratosPlan['schemas']): Blocker[] {
  const unknown = schemas.filter(({ known }) => !known);
  if (unknown.length === 0) return [];
  const list = unknown.map(({ id, identities }) => `${id} (${identities})`).join(', ');
  return [
    {
      reason: 'unknown_schemas',
      text: `Identities use schemas that are missing in identity.schemas: ${list}. Add them under the same id.`,
    },
  ];
}

function losses(found: readonly Found[], accepted: readonly string[]): Blocker[] {
  return lossesIn(found)
    .filter(({ name }) => !accepted.includes(name))
    .map(({ name, count }) => ({
      reason: 'loss',
      text: `${count} × ${name} would be left behind.`,
      accept: name,
    }));
}
