import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/index.js';
import { HashKinds } from './hash-kinds.js';
import { Passwords } from './passwords.js';

/** Milliseconds between two measurements. A newly imported kind goes unnoticed for at most this long. */
const LOOK_AGAIN = 60_000;
/** Factor by which a check may exceed its measured time. */
const MARGIN = 1.5;
/**
 * Each kind is measured once per round, for this many rounds, and the fastest run counts, because interference only
 * adds time.
 */
const RUNS = 5;
/** Some kinds take longer for long passwords; no kind accepts a longer one than this. */
const PASSWORD = 'x'.repeat(512);
/** The configured kind, used for unknown identifiers. */
const CONFIGURED = '';

/**
 * The minimum duration of every password check, so that a hash which is cheaper or costlier than a new one does not
 * reveal that its identity exists. Zero while every hash is of the configured kind, because then all checks take the
 * same work.
 */
@Injectable()
export class VerificationFloor {
  /** per kind: the fastest run in milliseconds, and the number of runs */
  readonly #costs = new Map<string, { least: number; runs: number }>();
  #floor: number | undefined;
  #looking: Promise<number> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly kinds: HashKinds,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /**
   * Milliseconds. The first caller waits for the first measurement; later ones run in the background.
   * @throws Unavailable
   */
  async milliseconds(): Promise<number> {
    if (this.clock.monotonic() - this.#lookedAt < LOOK_AGAIN) return this.#floor ?? this.#look();
    const looking = this.#look();
    if (this.#floor === undefined) return looking;
    // If a later measurement fails, the last floor still applies, and the next caller retries.
    looking.catch(() => undefined);
    return this.#floor;
  }

  /** One measurement at a time. */
  #look(): Promise<number> {
    this.#looking ??= this.#measure().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #measure(): Promise<number> {
    const others = (await this.kinds.list()).filter(({ hash }) => this.passwords.needsRehash(hash));
    const costs: number[] = [];
    for (const { kind, hash } of others) costs.push(await this.#costOf(kind, hash));
    if (others.length > 0) costs.push(await this.#costOf(CONFIGURED, undefined));
    this.#lookedAt = this.clock.monotonic();
    this.#floor = MARGIN * Math.max(0, ...costs);
    return this.#floor;
  }

  async #costOf(kind: string, hash: string | undefined): Promise<number> {
    const { least, runs } = this.#costs.get(kind) ?? { least: Number.POSITIVE_INFINITY, runs: 0 };
    if (runs === RUNS) return least;
    const cost = Math.min(least, await this.passwords.cost(PASSWORD, hash, this.clock));
    this.#costs.set(kind, { least: cost, runs: runs + 1 });
    return cost;
  }
}
