import { afterAll, beforeAll, expect, test } from 'vitest';
import { raceHandOvers } from './hand-over/races.js';
import { Stage } from './hand-over/stage.js';

/* A smaller run of test/long/hand-over.spec.ts. */

let stage: Stage;
beforeAll(async () => void (stage = await Stage.set()));
afterAll(() => stage?.clear());

test('nothing older opens an account during or after its hand-over', { timeout: 300_000 }, async () => {
  const figures = await raceHandOvers(stage, 20);
  console.log(figures);
  expect(figures).toContain('20 rounds');
});
