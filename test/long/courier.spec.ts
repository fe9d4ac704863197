import { expect, test } from 'vitest';
import { CourierStorm } from '../faults/courier-storm.js';

const MAILS = 10_000;

test('10,000 mails, two processes: each delivered once', async () => {
  const { text, figures } = await CourierStorm.run({ mails: MAILS, processes: 2 });
  console.log(text);
  expect(figures).toMatchObject({ delivered: MAILS, missing: 0, duplicates: 0, unsent: 0, secrets: 0 });
});

test('10,000 mails, kill -9 every 2 s: none lost, at most one duplicate per kill, nothing stuck', async () => {
  const { text, figures } = await CourierStorm.run({ mails: MAILS, processes: 2, killEvery: 2_000, kills: 30 });
  console.log(text);
  expect(figures).toMatchObject({ delivered: MAILS, missing: 0, otherMessageIds: 0, unsent: 0, secrets: 0, kills: 30 });
  expect(figures.duplicates).toBeLessThanOrEqual(30);
});
