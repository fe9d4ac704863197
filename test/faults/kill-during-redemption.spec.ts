import { expect, test } from 'vitest';
import { KillStorm } from './kill-storm.js';

/** A smaller run of test/long/kill-during-redemption.spec.ts. */
const SIZE = { kills: 30, creations: 500 };

test(
  'kill -9 leaves each link either used, with its session, or unused; and every acknowledged one redeems once',
  { timeout: 600_000 },
  async () => {
    const storm = await KillStorm.run(SIZE);
    console.log(storm.text);
    expect(storm.figures.kills).toBe(SIZE.kills);
    expect(storm.figures.acknowledged).toBeGreaterThanOrEqual(SIZE.creations);
    expect(storm.figures.cut).toBeGreaterThan(0);
  },
);
