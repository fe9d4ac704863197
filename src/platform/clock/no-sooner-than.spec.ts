import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Clock, noSoonerThan } from './index.js';

const clock = new Clock();
async function took(work: () => Promise<unknown>): Promise<number> {
  const start = clock.monotonic();
  await work().catch(() => undefined);
  return clock.monotonic() - start;
}
/** Milliseconds by which a timer may fire early. */
const EARLY = 2;

test('quick work is delayed, whether it succeeds or fails', async () => {
  expect(await noSoonerThan(1, async () => 'done')).toBe('done');
  await expect(noSoonerThan(1, () => Promise.reject(new Error('planted')))).rejects.toThrow('planted');
  expect(await took(() => noSoonerThan(50, async () => 'done'))).toBeGreaterThanOrEqual(50 - EARLY);
  expect(await took(() => noSoonerThan(50, () => Promise.reject(new Error('planted'))))).toBeGreaterThanOrEqual(
    50 - EARLY,
  );
});

test('slow work is not delayed further', async () => {
  const took_ = await took(() => noSoonerThan(500, () => setTimeout(600)));
  expect(took_).toBeGreaterThanOrEqual(600 - EARLY);
  expect(took_).toBeLessThan(1_050); // one after the other: 1,100
});

test('without a minimum, nothing waits', async () => {
  let turns = 0;
  const working = noSoonerThan(0, async () => 'done').then(() => turns);
  setImmediate(() => turns++);
  expect(await working).toBe(0);
});
