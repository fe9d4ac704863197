import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from './turns.js';

/** Whether it has come to its turn within a moment. */
const came = (taken: Promise<void>): Promise<boolean> =>
  Promise.race([taken.then(() => true), setTimeout(20).then(() => false)]);

test('one at a time, in the order in which they came', async () => {
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

test('who comes while the turn goes on to the next one waits too', async () => {
  const turns = new Turns();
  const [one, two, three] = [turns.next(), turns.next(), turns.next()];
  await one.take();
  const second = two.take();
  one.end();
  const third = three.take();
  expect([await came(second), await came(third)]).toEqual([true, false]);
});

test('nobody waits longer than the patience, for whoever it is', async () => {
  const turns = new Turns(50);
  const [slow, late, later] = [turns.next(), turns.next(), turns.next()];
  await slow.take();
  await setTimeout(40);
  const begun = performance.now();
  await late.take(); // the slow one is not waited for any more
  await later.take();
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('an end without a turn, and a second end, take nobody else’s', async () => {
  const turns = new Turns();
  const [one, two, never] = [turns.next(), turns.next(), turns.next()];
  await one.take();
  never.end();
  one.end();
  await two.take();
  one.end();
  expect(await came(turns.next().take())).toBe(false);
});
