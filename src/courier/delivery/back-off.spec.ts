import { describe, expect, test } from 'vitest';
import { Pause, retryAfter } from './back-off.js';
import { Patience } from './patience.js';

describe('the time until the next attempt', () => {
  test('grows from half a minute to two hours: five retries span hours', () => {
    const middle = [1, 2, 3, 4, 5, 6, 50].map((failures) => retryAfter(failures, 0.5));
    expect(middle).toEqual([30, 120, 480, 1920, 7200, 7200, 7200]);
    expect(middle.slice(0, 5).reduce((sum, each) => sum + each)).toBe(9750);
  });

  test('varies randomly by a fifth', () => {
    expect([0, 1].map((chance) => Math.round(retryAfter(1, chance)))).toEqual([24, 36]);
  });
});

describe('a pause', () => {
  test('grows with each failure, up to five minutes, and ends once a message gets through', () => {
    let now = 0;
    const pause = new Pause(() => now);
    const lengths = Array.from({ length: 8 }, () => {
      const seconds = pause.begin(0.5);
      now += seconds * 1000;
      return seconds;
    });
    expect(lengths).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    expect(pause.left).toBe(0);
    pause.begin(0.5);
    pause.end();
    expect(pause.left).toBe(0);
    expect(pause.begin(0.5)).toBe(5);
  });

  test('is not extended by parallel attempts', () => {
    let now = 0;
    const pause = new Pause(() => now);
    pause.begin(0.5);
    now = 1_000;
    expect(pause.begin(0.5)).toBe(4);
    expect(pause.left).toBe(4);
  });
});

test('patience follows the usual duration of messages, within limits', () => {
  const patience = new Patience();
  expect(patience.milliseconds).toBe(1_000);
  patience.learn(100);
  expect(patience.milliseconds).toBe(400);
  patience.learn(200);
  expect(patience.milliseconds).toBeCloseTo(440);
  for (let i = 0; i < 100; i++) patience.learn(5);
  expect(patience.milliseconds).toBe(250);
  for (let i = 0; i < 100; i++) patience.learn(5_000);
  expect(patience.milliseconds).toBe(2_000);
});
