import { expect, test } from 'vitest';
import { redeemTogether } from '../faults/redeem-together.js';

test.each(['get', 'confirm'] as const)('1,000 clients, 20 rounds (redeem_on %s)', async (redeemOn) => {
  const figures = await redeemTogether({ clients: 1_000, rounds: 20, redeemOn });
  console.log(figures);
  expect(figures).toContain('20 rounds of 1000 clients');
});
