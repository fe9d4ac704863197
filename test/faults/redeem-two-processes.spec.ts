import { expect, test } from 'vitest';
import { redeemTogether } from './redeem-together.js';

/** A smaller run of test/long/redeem-two-processes.spec.ts. */
const SIZE = { clients: 200, rounds: 5 };

test.each(['get', 'confirm'] as const)(
  'one link, two processes, many clients at once (redeem_on %s): one session',
  { timeout: 300_000 },
  async (redeemOn) => {
    const figures = await redeemTogether({ ...SIZE, redeemOn });
    console.log(figures);
    expect(figures).toContain('5 rounds of 200 clients');
  },
);
