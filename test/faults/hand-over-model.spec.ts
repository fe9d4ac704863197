import { afterAll, beforeAll, expect, test } from 'vitest';
import { playModel } from './hand-over/play.js';
import { Stage } from './hand-over/stage.js';

/* A smaller run of test/long/hand-over-model.spec.ts. */
const SEQUENCES = 60;

let stage: Stage;
beforeAll(async () => void (stage = await Stage.set()));
afterAll(() => stage?.clear());

test('an account answers every command as its model does', { timeout: 900_000 }, async () => {
  const figures = await playModel(stage, { sequences: SEQUENCES });
  console.log(figures);
  expect(figures).toContain(`${SEQUENCES} sequences`);
});
