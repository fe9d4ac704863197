import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cloneJson,
  ExactNumber,
  exactNumbersIn,
  holdsExact,
  numberOf,
  parseExact,
  pathText,
  withDoubles,
} from './index.js';

describe('numberOf', () => {
  test.each([
    '0',
    '-0',
    '0.0',
    '1',
    '1.10',
    '1e2',
    '1E+2',
    '100e-2',
    '0.1',
    '9007199254740992',
    '1.7976931348623157e308',
    '5e-324',
    '123456789012345',
    '1e22',
    '0e99999999999999999999',
  ])('%s is a double', (text) => expect(numberOf(text)).toBe(Number(text)));

  test.each([
    '9007199254740993',
    '-9007199254740993',
    '9007199254740993.0',
    '90071992547409930e-1',
    '1e400',
    '-1e400',
    '1e-400',
    '0.1000000000000000055511151231257827',
    '12345678901234567890',
    '0.30000000000000004441',
    '1e99999999999999999999',
    '4.9e-324',
  ])('%s keeps its digits', (text) => {
    expect(numberOf(text)).toEqual(new ExactNumber(text));
  });

  test('a million zeros are handled quickly', () => {
    const began = performance.now();
    numberOf(`0.${'0'.repeat(1_000_000)}1`);
    numberOf(`${'10'.repeat(500_000)}`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('parseExact', () => {
  const DIGITS = fc.stringMatching(/^-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?$/);

  test('a number keeps its value when parsed and written again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(DIGITS, fc.array(DIGITS))), (given) => {
        const text = `{${Object.entries(given)
          .map(([key, value]) => `${JSON.stringify(key)}: ${Array.isArray(value) ? `[ ${value.join(' , ')} ]` : value}`)
          .join(',')}}`;
        const again = JSON.stringify(parseExact(text));
        // The same texts as strings, which lose nothing.
        const numbers = (json: string) => json.match(/(?<=[:[,] ?)-?\d[\d.eE+-]*(?= ?[,\]}])/g)?.map(decimal);
        expect(numbers(again)).toEqual(numbers(text));
      }),
      { numRuns: 500 },
    );
  });

  test('a text without exact numbers is parsed like JSON.parse', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(withDoubles(parseExact(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('digits in a string are left alone', () => {
    expect(parseExact('{"card": "9007199254740993", "note": ": 1e400,"}')).toEqual({
      card: '9007199254740993',
      note: ': 1e400,',
    });
  });

  test('keeps own keys of any name', () => {
    const value = parseExact('{"__proto__": {"n": 9007199254740993}, "constructor": 1}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(JSON.stringify(cloneJson(value))).toBe('{"__proto__":{"n":9007199254740993},"constructor":1}');
  });
});

describe('an exact number', () => {
  const value = parseExact('{"a": {"list": [1, 1e400, {"b c": 9007199254740993}]}}');

  test('is found with its path', () => {
    expect(holdsExact(value)).toBe(true);
    expect(exactNumbersIn(value).map(({ path, number }) => [pathText(path), number.text])).toEqual([
      ['a.list[1]', '1e400'],
      ['a.list[2]["b c"]', '9007199254740993'],
    ]);
  });

  test('can be converted to the nearest double', () => {
    expect(withDoubles(value)).toEqual({ a: { list: [1, Number.MAX_VALUE, { 'b c': 9007199254740992 }] } });
  });

  test('is immutable', () => {
    const { text } = new ExactNumber('1e400');
    expect(() => Object.assign(new ExactNumber('1e400'), { text: '1' })).toThrow(TypeError);
    expect(text).toBe('1e400');
  });
});

/** Sign, significant digits and power of ten, computed with big integers rather than the code's way. */
function decimal(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  let [digits, power] = [BigInt(whole.replace('-', '') + fraction), Number(exponent) - fraction.length];
  if (digits === 0n) return '0';
  while (digits % 10n === 0n) [digits, power] = [digits / 10n, power + 1];
  return `${mantissa.startsWith('-') ? '-' : ''}${digits}e${power}`;
}
