import { expect, test } from 'vitest';
import { startTogether } from './start-together.js';

/** In full size: test/long/two-starts.spec.ts. */
const ROUNDS = 5;

test('two processes that start on one empty database migrate it once', { timeout: 300_000 }, async () => {
  const figures = await startTogether(ROUNDS);
  console.log(figures);
  expect(figures).toContain('5 rounds');
});
