import { beforeEach, expect, test } from 'vitest';
import { Clock } from '../../../platform/clock/index.js';
import { Kept } from './kept.js';

class Hands extends Clock {
  at = 0;
  override monotonic(): number {
    return this.at;
  }
}

let clock: Hands;
let asked: number;
let answer: () => Promise<string>;
let kept: Kept<string>;

beforeEach(() => {
  clock = new Hands();
  asked = 0;
  answer = async () => `answer ${asked}`;
  kept = new Kept(
    () => {
      asked += 1;
      return answer();
    },
    { fresh: 1_000, pause: 100 },
    clock,
  );
});
const fails = () => Promise.reject(new Error('away'));

test('it is asked for once by all who come, and kept while it is fresh', async () => {
  expect(kept.known).toBeUndefined();
  expect(await Promise.all([kept.get(), kept.get(), kept.get()])).toEqual(['answer 1', 'answer 1', 'answer 1']);
  clock.at = 999;
  expect([await kept.get(), kept.known, asked]).toEqual(['answer 1', 'answer 1', 1]);
  clock.at = 1_000;
  expect(await kept.get()).toBe('answer 2');
});

test('a failure is everybody’s for a short time, and is asked about again after it', async () => {
  answer = fails;
  await expect(kept.get()).rejects.toThrow('away');
  clock.at = 99;
  await expect(kept.get()).rejects.toThrow('away');
  expect(asked).toBe(1);
  answer = async () => 'back';
  clock.at = 100;
  expect(await kept.get()).toBe('back');
});

test('an old value goes on while there is no new one', async () => {
  await kept.get();
  answer = fails;
  clock.at = 1_000;
  expect([await kept.get(), await kept.get(), asked]).toEqual(['answer 1', 'answer 1', 2]);
  answer = async () => 'new';
  clock.at = 1_100;
  expect(await kept.get()).toBe('new');
});
