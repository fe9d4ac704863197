import { expect, test } from 'vitest';
import { startTogether } from './start-together.js';

/** A smaller run of test/long/two-starts.spec.ts. */
const ROUNDS = 5;

test('two processes starting on an empty database migrate it once', { timeout: 300_000 }, async () => {
  const figures = await startTogether(ROUNDS);
  console.log(figures);
  expect(figures).toContain('5 rounds');
});
