import { describe, expect, test } from 'vitest';
import { re2, re2Trouble } from './re2.js';
import { TAKEN, REFUSED } from './re2.corpus.js';

describe('what RE2 takes', () => {
  test.each(TAKEN)('$pattern', ({ pattern, finds, misses }) => {
    expect(re2Trouble(pattern)).toBeUndefined();
    for (const text of finds) expect([text, re2(pattern).test(text)]).toEqual([text, true]);
    for (const text of misses) expect([text, re2(pattern).test(text)]).toEqual([text, false]);
  });
});

test.each(REFUSED)('RE2 refuses %s', (pattern) => {
  expect(re2Trouble(pattern)).toBeTypeOf('string');
});

describe('time is linear in the length of the text', () => {
  test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*)(.*)(.*)(.*)x$', '^([a-z]+[0-9]?)+$'])('%s', (pattern) => {
    const time = (length: number): number => {
      const text = `${'a'.repeat(length)}!`;
      const began = performance.now();
      expect(re2(pattern).test(text)).toBe(false);
      return performance.now() - began;
    };
    time(1_000);
    expect(time(200_000)).toBeLessThan(5_000);
  });
});

test('a pattern is compiled once', () => {
  expect(re2('^once$')).toBe(re2('^once$'));
});
