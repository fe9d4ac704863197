import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/index.js';
import { HashKinds } from './hash-kinds.js';
import { Passwords } from './passwords.js';

/** Milliseconds. Kinds that are imported meanwhile are known this late, at most. */
const LOOK_AGAIN = 60_000;
/** What a check may take longer than when it was measured. */
const MARGIN = 1.5;
/** A kind is checked once at each of so many looks, and the quickest counts: what comes in between only ever adds. */
const RUNS = 5;
/** Some kinds take longer for a long password; none of them takes a longer one. */
const PASSWORD = 'x'.repeat(512);
/** The configured kind, which unknown identifiers are checked against. */
const CONFIGURED = '';

/**
 * How long every check of a password takes at least, so that a hash that is costlier, or cheaper, than a new one does not
 * tell that its identity exists. Zero while every hash is of the configured kind: then all checks are the same work.
 */
@Injectable()
export class VerificationFloor {
  /** by kind: milliseconds, and the checks that say so */
  readonly #costs = new Map<string, { least: number; runs: number }>();
  #floor: number | undefined;
  #looking: Promise<number> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly kinds: HashKinds,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** Milliseconds. The first caller waits for the first look; later looks happen beside. @throws Unavailable */
  async milliseconds(): Promise<number> {
    if (this.clock.monotonic() - this.#lookedAt < LOOK_AGAIN) return this.#floor ?? this.#look();
    const looking = this.#look();
    if (this.#floor === undefined) return looking;
    // What could not be looked at now, with the last floor still good, is looked at by the next caller.
    looking.catch(() => undefined);
    return this.#floor;
  }

  /** One look at a time. */
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
