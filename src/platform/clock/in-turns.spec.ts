import { expect, test } from 'vitest';
import { inTurns } from './in-turns.js';

/** Keeps the process busy for so many milliseconds. */
function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('gives the results in order', async () => {
  expect(await inTurns(['a', 'b', 'c'], (item, index) => `${item}${index}`)).toEqual(['a0', 'b1', 'c2']);
  expect(await inTurns([], String)).toEqual([]);
});

test('others get their turn in between', async () => {
  const turns: string[] = [];
  const other = setInterval(() => turns.push('other'), 1);
  await inTurns([1, 2, 3], (item) => {
    busy(25);
    turns.push(`item ${item}`);
  });
  clearInterval(other);
  // Timers may come by only once the loop has begun anew: after the second piece at the latest.
  const [second, third] = ['item 2', 'item 3'].map((item) => turns.indexOf(item));
  expect(turns.slice(second, third)).toContain('other');
});

test('what the work throws rejects', async () => {
  const work = inTurns([1], () => {
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
});
