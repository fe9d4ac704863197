import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { typedCode } from './code.js';

test.each([
  ['234225', 'plain'],
  ['234-225', 'a dash'],
  ['234–225', 'an en dash'],
  ['234\u2212225', 'a minus sign'],
  ['234\u2011225', 'a dash that does not break'],
  [' 234 225\r\n', 'blanks and a line break'],
  ['234\u00a0225', 'a blank that does not break'],
  ['２３４２２５', 'full-width digits'],
  ['\u200b234\u200d225\ufeff', 'characters without width'],
  ['\u202a234225\u202c', 'marks of direction'],
  ['٢٣٤٢٢٥', 'Arabic-Indic digits'],
  ['۲۳۴۲۲۵', 'Persian digits'],
  ['२३४२२५', 'Devanagari digits'],
  ['𝟐𝟑𝟒𝟐𝟐𝟓', 'mathematical digits'],
  ['2\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e32\ufe0f\u20e32\ufe0f\u20e35\ufe0f\u20e3', 'keycaps'],
  ['"234225".', 'quotes and a full stop'],
  ['`234225`', 'backticks'],
  ['2.3.4.2.2.5', 'dots'],
])('%j is the code (%s)', (text) => {
  expect(typedCode(text)).toBe('234225');
});

test.each(['23422', '2342255', '234x225', 'code 234225', '234２２', 'ОО4225', ''])('%j is not', (text) => {
  expect(typedCode(text)).not.toBe('234225');
});

test('digits of every script count by their value', () => {
  const digits = /\p{Nd}/u;
  for (let point = 0; point <= 0x1ffff; point++) {
    const char = String.fromCodePoint(point);
    if (digits.test(char)) expect(typedCode(char)).toMatch(/^\d$/);
  }
  for (const zero of [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x1040, 0x1d7ce, 0x1e950])
    expect(typedCode(Array.from({ length: 10 }, (_, n) => String.fromCodePoint(zero + n)).join(''))).toBe('0123456789');
});

describe('with anything around and between the digits', () => {
  const noise = fc.constantFrom(
    ' ',
    '\n',
    '\t',
    '-',
    '–',
    '\u00a0',
    '\u200b',
    '\u2060',
    '\ufeff',
    '.',
    '"',
    '\u00ad',
    '_',
    '*',
  );
  const code = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 });
  const zero = fc.constantFrom(0x30, 0xff10, 0x0660, 0x06f0, 0x0966);

  test('the digits stay the same, in order', () => {
    fc.assert(
      fc.property(
        code,
        zero,
        fc.array(fc.array(noise, { maxLength: 3 }), { minLength: 7, maxLength: 7 }),
        (digits, from, around) => {
          const written = digits.map((digit, i) => around[i]!.join('') + String.fromCodePoint(from + digit)).join('');
          expect(typedCode(written + around[6]!.join(''))).toBe(digits.join(''));
        },
      ),
    );
  });
});
