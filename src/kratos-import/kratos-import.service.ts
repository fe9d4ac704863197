import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/index.js';
import { Losers } from './conversion/losers.js';
import type {
  Blocker,
  KratosImportObserver,
  KratosImportOptions,
  KratosImportOutcome,
  KratosPlan,
  Verification,
  Written,
} from './kratos-import.report.js';
import { ImportRuns } from './persistence/import-run.js';
import { KratosSource } from './source/kratos-source.js';
import { FindCollisions } from './steps/find-collisions.js';
import { type Look, MakePlan } from './steps/make-plan.js';
import { VerifyImport } from './steps/verify-import.js';
import { WriteIdentities } from './steps/write-identities.js';

const BATCH = 500;

/** Imports the identities of a Kratos database: plan, write, verify, all from one snapshot of the source. */
@Injectable()
export class KratosImportService {
  constructor(
    private readonly findCollisions: FindCollisions,
    private readonly makePlan: MakePlan,
    private readonly writeIdentities: WriteIdentities,
    private readonly verifyImport: VerifyImport,
    private readonly runs: ImportRuns,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws KratosDsnUnusable, KratosSourceUnreachable, KratosShapeUnknown before anything is written; KratosImportRuns;
   * KratosSourceLost, KratosImportRaced, KratosImportTakenOver, Unavailable between two batches
   */
  async run(options: KratosImportOptions, observer: KratosImportObserver = {}): Promise<KratosImportOutcome> {
    const source = await KratosSource.open(options.dsn);
    try {
      const networks = await source.networks();
      const network = chosen(networks, options.network);
      if (typeof network !== 'string') return undecided(nothingLookedAt(networks, network), observer);
      if (options.dryRun)
        return await this.#dryRun(await this.#look(source, networks, network, options, observer), observer);
      return await this.runs.alone(network, async (run) => {
        const look = await this.#look(source, networks, network, options, observer);
        const plan = await this.makePlan.run(look);
        if (plan.blockers.length > 0) return undecided(plan, observer);
        await observer.planned?.(plan);
        return this.#write(look, plan, run, observer);
      });
    } finally {
      await source.close();
    }
  }

  async #dryRun(look: Look, observer: KratosImportObserver): Promise<KratosImportOutcome> {
    const plan = await this.makePlan.run(look);
    if (plan.blockers.length > 0) return undecided(plan, observer);
    await observer.planned?.(plan);
    return { result: plan.identities.different === 0 ? 'done' : 'different', plan };
  }

  async #look(
    source: KratosSource,
    networks: KratosPlan['networks'],
    network: string,
    options: KratosImportOptions,
    observer: KratosImportObserver,
  ): Promise<Look> {
    const [losers, counts] = [new Losers(), await source.counts(network)];
    await this.findCollisions.run(source, network, losers);
    const progress = (done: number) => observer.progress?.('plan', done, counts.identities);
    return { source, network, networks, counts, options, batchSize: options.batchSize ?? BATCH, losers, progress };
  }

  async #write(
    look: Look,
    plan: KratosPlan,
    run: string,
    observer: KratosImportObserver,
  ): Promise<KratosImportOutcome> {
    const { withSessions } = look.options;
    const told = (phase: 'write' | 'verify') => (done: number) =>
      observer.progress?.(phase, done, look.counts.identities);
    await told('write')(0);
    const start = this.clock.monotonic();
    const wrote = await this.writeIdentities.run({ ...look, run, withSessions, progress: told('write') });
    const seconds = (this.clock.monotonic() - start) / 1_000;
    const { identities, sessions, secondFactors } = wrote;
    const written: Written = { run, identities, sessions, secondFactors, seconds };
    await told('verify')(0);
    const verification = await this.verifyImport.run({
      ...look,
      withSessions,
      cameWithSessions: wrote.withSessions,
      progress: told('verify'),
    });
    return { result: isAsPlanned(verification) ? 'done' : 'different', plan, written, verification };
  }
}

/** The network to import, or a blocker. Networks without identities need no choice. */
function chosen(networks: KratosPlan['networks'], wanted: string | undefined): string | Blocker {
  if (wanted !== undefined) {
    if (networks.some(({ id }) => id === wanted.toLowerCase())) return wanted.toLowerCase();
    return { reason: 'unknown_network', text: 'The source has no network with this id.' };
  }
  const inhabited = networks.filter(({ identities }) => identities > 0);
  const [only, ...others] = inhabited.length > 0 ? inhabited : networks;
  if (only === undefined)
    return { reason: 'unknown_network', text: 'The source has no network and therefore no identities.' };
  if (others.length === 0) return only.id;
  return { reason: 'choose_network', text: 'The source has several networks. Choose one with --network.' };
}

function nothingLookedAt(networks: KratosPlan['networks'], blocker: Blocker): KratosPlan {
  return {
    networks,
    schemas: [],
    identities: { fresh: 0, earlier: 0, different: 0 },
    sessions: 0,
    hashes: [],
    found: [],
    secondFactor: 'refuse',
    blockers: [blocker],
  };
}

async function undecided(plan: KratosPlan, observer: KratosImportObserver): Promise<KratosImportOutcome> {
  await observer.planned?.(plan);
  return { result: 'undecided', plan };
}

function isAsPlanned({ compared, equal, sessions, digests }: Verification): boolean {
  return compared === equal && sessions.expected === sessions.equal && digests.source === digests.target;
}
