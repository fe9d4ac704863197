import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Duration, DurationError } from './index.js';

const ACCEPTED: [string, bigint][] = [
  ['0', 0n],
  ['-0', 0n],
  ['0s', 0n],
  ['5s', 5_000_000_000n],
  ['+5s', 5_000_000_000n],
  ['-1h', -3_600_000_000_000n],
  ['12h', 43_200_000_000_000n],
  ['1h30m', 5_400_000_000_000n],
  ['1.5h', 5_400_000_000_000n],
  ['.5s', 500_000_000n],
  ['1.s', 1_000_000_000n],
  ['500ms', 500_000_000n],
  ['12us', 12_000n],
  ['12µs', 12_000n],
  ['12μs', 12_000n],
  ['52763797000ns', 52_763_797_000n],
  ['0.3333333333333333333h', 1_199_999_999_999n],
  ['3h2m1s4ms5us6ns', 10_921_004_005_006n],
  ['9223372036854775807ns', 9_223_372_036_854_775_807n],
  ['-9223372036854775808ns', -9_223_372_036_854_775_808n],
];

const REFUSED: [string, DurationError['reason']][] = [
  ['', 'syntax'],
  ['-', 'syntax'],
  ['.', 'syntax'],
  ['.s', 'syntax'],
  ['-.s', 'syntax'],
  ['h', 'syntax'],
  [' 1h', 'syntax'],
  ['--1h', 'syntax'],
  ['3', 'unit'],
  ['1h30', 'unit'],
  ['1d', 'unit'],
  ['1 h', 'unit'],
  ['1H', 'unit'],
  ['1e3s', 'unit'],
  ['1h-3m', 'unit'],
  ['1.2.3s', 'unit'],
  ['1constructor', 'unit'],
  ['9223372036854775808ns', 'range'],
  ['-9223372036854775809ns', 'range'],
  ['2562048h', 'range'],
  ['9'.repeat(300) + 'h', 'syntax'],
];

const TEXTS: [bigint, string][] = [
  [0n, '0s'],
  [1n, '1ns'],
  [1_100n, '1.1µs'],
  [2_200_000n, '2.2ms'],
  [3_300_000_000n, '3.3s'],
  [245_000_000_000n, '4m5s'],
  [245_001_000_000n, '4m5.001s'],
  [43_200_000_000_000n, '12h0m0s'],
  [-5_400_000_000_000n, '-1h30m0s'],
  [-9_223_372_036_854_775_808n, '-2562047h47m16.854775808s'],
];

function reasonFor(text: string): string | undefined {
  try {
    Duration.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof DurationError ? error.reason : 'another error';
  }
}

describe('Duration', () => {
  test.each(ACCEPTED)('parses %s', (text, nanoseconds) => {
    expect(Duration.parse(text).nanoseconds).toBe(nanoseconds);
  });

  test.each(REFUSED)('refuses %s', (text, reason) => {
    expect(reasonFor(text)).toBe(reason);
  });

  test.each(TEXTS)('writes %s as Go does', (nanoseconds, text) => {
    expect(Duration.ofNanoseconds(nanoseconds).toString()).toBe(text);
  });

  test('every duration survives formatting and parsing', () => {
    const nanoseconds = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(fc.oneof(nanoseconds, fc.bigInt({ min: -100_000n, max: 100_000n })), (value) => {
        const text = Duration.ofNanoseconds(value).toString();
        expect(Duration.parse(text).nanoseconds).toBe(value);
      }),
    );
  });

  test('every text gives a duration or a DurationError', () => {
    const pieces = fc.array(
      fc.constantFrom('1', '0', '.', '-', '+', 'h', 'm', 's', 'µs', 'ns', ' ', 'e', '9999999999'),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        expect(['syntax', 'unit', 'range', undefined]).toContain(reasonFor(parts.join('')));
      }),
    );
  });

  test('fractions of milliseconds and seconds are kept', () => {
    expect(Duration.parse('1.5ms').milliseconds).toBe(1.5);
    expect(Duration.parse('-250ms').seconds).toBe(-0.25);
    expect(Duration.parse('12h').seconds).toBe(43_200);
  });

  test('only durations above zero are positive', () => {
    expect(['1ns', '0', '-1ns'].map((text) => Duration.parse(text).isPositive)).toEqual([true, false, false]);
  });

  test('a message never repeats the text', () => {
    expect(() => Duration.parse('hunter2')).toThrow(/^must be a duration such as/);
  });
});
