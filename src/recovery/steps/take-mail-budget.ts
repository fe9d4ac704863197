import { Inject, Injectable } from '@nestjs/common';
import type { Rates } from '../../platform/limits/index.js';
import { RATE_LIMITER, type RateLimiter, RATES } from '../../platform/rate-limit/index.js';
import type { MailBudget } from '../flow/mail-budget.js';
import { CountAccountGuess } from '../hot/count-account-guess.js';

const LIMITS = ['recovery_address', 'recovery_mails'] as const;

/** Counts a requested mail. */
@Injectable()
export class TakeMailBudget {
  readonly #window: number;

  constructor(
    private readonly guesses: CountAccountGuess,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(RATES) rates: Rates,
  ) {
    this.#window = Math.max(...LIMITS.map((name) => rates[name]?.seconds ?? 0));
  }

  /** @param address normalized */
  async run(address: string): Promise<MailBudget> {
    let left = Number.POSITIVE_INFINITY;
    for (const limit of LIMITS) {
      left = Math.min(left, await this.limiter.left(limit, address));
      // The remaining budgets are not charged, so strangers use up their own budget before that of the address.
      if (left < 0) return { withheld: true, unguessable: true, least: 0 };
    }
    const last = left === 0;
    return {
      withheld: false,
      unguessable: last || (await this.guesses.usedUp(address)),
      least: last ? this.#window : 0,
    };
  }
}
