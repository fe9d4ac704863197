import { expect, test } from 'vitest';
import { KillStorm } from '../faults/kill-storm.js';

test('200 kills during redemption, 10,000 acknowledged creations', async () => {
  const storm = await KillStorm.run({ kills: 200, creations: 10_000 });
  console.log(storm.text);
  expect(storm.figures.kills).toBe(200);
  expect(storm.figures.acknowledged).toBeGreaterThanOrEqual(10_000);
});
