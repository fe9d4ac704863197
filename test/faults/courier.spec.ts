import { expect, test } from 'vitest';
import { CourierStorm } from './courier-storm.js';

/** A smaller run of test/long/courier.spec.ts. */
const MAILS = 500;
const KILLS = 5;

const clean = { missing: 0, otherMessageIds: 0, unsent: 0, secrets: 0 };

test('two processes deliver each mail once', { timeout: 300_000 }, async () => {
  const { text, figures } = await CourierStorm.run({ mails: MAILS, processes: 2 });
  console.log(text);
  expect(figures).toMatchObject({ ...clean, mails: MAILS, delivered: MAILS, duplicates: 0 });
});

test(
  'kill -9 loses no mail and makes at most one duplicate per kill, with the same Message-ID',
  { timeout: 600_000 },
  async () => {
    const { text, figures } = await CourierStorm.run({ mails: 1_500, processes: 2, killEvery: 2_000, kills: KILLS });
    console.log(text);
    expect(figures).toMatchObject({ ...clean, kills: KILLS, delivered: 1_500 });
    expect(figures.duplicates).toBeLessThanOrEqual(KILLS);
  },
);
