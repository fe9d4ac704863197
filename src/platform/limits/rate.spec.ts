import { expect, test } from 'vitest';
import { parseRate } from './rate.js';

test.each([
  ['10/1h', { points: 10, seconds: 3600 }],
  ['1/1s', { points: 1, seconds: 1 }],
  ['300/1m30s', { points: 300, seconds: 90 }],
  ['999999999/24h', { points: 999_999_999, seconds: 86_400 }],
  ['none', null],
])('%s', (text, rate) => {
  expect(parseRate(text)).toEqual(rate);
});

test.each([
  '',
  '10',
  '/1h',
  '10/',
  '0/1h',
  '-1/1h',
  '1.5/1h',
  '10 /1h',
  '10/1',
  '10/0s',
  '10/-1h',
  '10/999ms',
  '10/25h',
])('%j is not a rate', (text) => {
  expect(parseRate(text)).toBeUndefined();
});

test.each(['1000000000/1h', 'None', '10/1h/1h', '10/soon'])('%j is not a rate either', (text) => {
  expect(parseRate(text)).toBeUndefined();
});
