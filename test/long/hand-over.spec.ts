import { afterAll, beforeAll, expect, test } from 'vitest';
import { raceHandOvers } from '../faults/hand-over/races.js';
import { Stage } from '../faults/hand-over/stage.js';

const ROUNDS = 200;

let stage: Stage;
beforeAll(async () => void (stage = await Stage.set()));
afterAll(() => stage?.clear());

test('nothing older opens an account while it is handed over, nor after', async () => {
  const figures = await raceHandOvers(stage, ROUNDS);
  console.log(figures);
  expect(figures).toContain(`${ROUNDS} rounds`);
});
