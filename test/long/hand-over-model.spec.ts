import { afterAll, beforeAll, expect, test } from 'vitest';
import { playModel } from '../faults/hand-over/play.js';
import { Stage } from '../faults/hand-over/stage.js';

/** Of about sixteen commands each. */
const SEQUENCES = 800;

let stage: Stage;
beforeAll(async () => void (stage = await Stage.set()));
afterAll(() => stage?.clear());

test('an account answers more than 10,000 commands as its model does', async () => {
  const figures = await playModel(stage, { sequences: SEQUENCES });
  console.log(figures);
  const [, commands] = /(\d+) commands/.exec(figures) ?? [];
  expect(Number(commands)).toBeGreaterThan(10_000);
});
