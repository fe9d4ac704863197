import { beforeEach, expect, test } from 'vitest';
import { Clock } from '../../../platform/clock/index.js';
import { Remembered } from './remembered.js';

class Hands extends Clock {
  at = 0;
  override monotonic(): number {
    return this.at;
  }
}

let clock: Hands;
let asked: number;
let answer: () => Promise<string>;
let remembered: Remembered<string>;

beforeEach(() => {
  clock = new Hands();
  asked = 0;
  answer = async () => `answer ${asked}`;
  remembered = new Remembered(
    () => {
      asked += 1;
      return answer();
    },
    { fresh: 1_000, pause: 100 },
    clock,
  );
});
const fails = () => Promise.reject(new Error('away'));

test('concurrent callers share one request, and the value is reused while it is fresh', async () => {
  expect(remembered.known).toBeUndefined();
  expect(await Promise.all([remembered.get(), remembered.get(), remembered.get()])).toEqual([
    'answer 1',
    'answer 1',
    'answer 1',
  ]);
  clock.at = 999;
  expect([await remembered.get(), remembered.known, asked]).toEqual(['answer 1', 'answer 1', 1]);
  clock.at = 1_000;
  expect(await remembered.get()).toBe('answer 2');
});

test('all callers share a failure for a short time, after which it is retried', async () => {
  answer = fails;
  await expect(remembered.get()).rejects.toThrow('away');
  clock.at = 99;
  await expect(remembered.get()).rejects.toThrow('away');
  expect(asked).toBe(1);
  answer = async () => 'back';
  clock.at = 100;
  expect(await remembered.get()).toBe('back');
});

test('an old value stays in use while there is no new one', async () => {
  await remembered.get();
  answer = fails;
  clock.at = 1_000;
  expect([await remembered.get(), await remembered.get(), asked]).toEqual(['answer 1', 'answer 1', 2]);
  answer = async () => 'new';
  clock.at = 1_100;
  expect(await remembered.get()).toBe('new');
});
