import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from './turns.js';

/** Whether the turn comes within a moment. */
const came = (taken: Promise<void>): Promise<boolean> =>
  Promise.race([taken.then(() => true), setTimeout(20).then(() => false)]);

test('one at a time, in order of arrival', async () => {
  const turns = new Turns();
  const [one, two, three] = [turns.next(), turns.next(), turns.next()];
  expect(await came(one.take())).toBe(true);
  const [second, third] = [two.take(), three.take()];
  expect(await came(second)).toBe(false);
  one.end();
  expect(await came(second)).toBe(true);
  expect(await came(third)).toBe(false);
  two.end();
  expect(await came(third)).toBe(true);
});

test('a newcomer waits while the turn passes to the next one', async () => {
  const turns = new Turns();
  const [one, two, three] = [turns.next(), turns.next(), turns.next()];
  await one.take();
  const second = two.take();
  one.end();
  const third = three.take();
  expect([await came(second), await came(third)]).toEqual([true, false]);
});

test('no one waits longer than the limit', async () => {
  const turns = new Turns(50);
  const [slow, late, later] = [turns.next(), turns.next(), turns.next()];
  await slow.take();
  await setTimeout(40);
  const begun = performance.now();
  await late.take(); // no longer waits for the slow one
  await later.take();
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('an end without a turn, or a second end, does not take the turn of another', async () => {
  const turns = new Turns();
  const [one, two, never] = [turns.next(), turns.next(), turns.next()];
  await one.take();
  never.end();
  one.end();
  await two.take();
  one.end();
  expect(await came(turns.next().take())).toBe(false);
});
