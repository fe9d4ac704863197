import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayIdentifier, normalizeIdentifier } from './normalize.js';

describe('normalizeIdentifier', () => {
  test.each([
    ['spaces around', ' mike@example.com\t', 'mike@example.com'],
    ['a no-break space around', '\u00a0mike@example.com', 'mike@example.com'],
    ['upper case', 'MIKE@Example.COM', 'mike@example.com'],
    ['a zero-width space', 'mi\u200bke@example.com', 'mike@example.com'],
    ['a zero-width joiner', 'mi\u200dke@example.com', 'mike@example.com'],
    ['a byte order mark', '\ufeffmike@example.com', 'mike@example.com'],
    ['a soft hyphen', 'mi\u00adke@example.com', 'mike@example.com'],
    ['a right-to-left override', '\u202emike@example.com', 'mike@example.com'],
    ['a variation selector', 'mike\ufe0f@example.com', 'mike@example.com'],
    ['a Hangul filler', 'mike\u3164@example.com', 'mike@example.com'],
    ['a tag character', 'mike\u{e0061}@example.com', 'mike@example.com'],
    ['full-width letters', 'ｍｉｋｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'mike@example.com'],
    ['a dotless i', 'mıke@example.com', 'mike@example.com'],
    ['a dotted capital I', 'MİKE@example.com', 'mike@example.com'],
    ['the Kelvin sign', 'mi\u212ae@example.com', 'mike@example.com'],
    ['a long s', 'ſam', 'sam'],
    ['a ligature', 'oﬃce', 'office'],
    ['a sharp s', 'straße', 'strasse'],
    ['a combining accent', 'cafe\u0301', 'caf\u00e9'],
    ['a final sigma', 'ΣΑΣ', 'σασ'],
    ['the grouping of a telephone number', '+49 (176) 671\u201111.638', '+4917667111638'],
  ])('%s makes no difference', (_, given, same) => {
    expect(normalizeIdentifier(given)).toBe(same);
  });

  test.each([
    ['another letter', 'mike', 'nike'],
    ['a space inside', 'mi ke', 'mike'],
    ['an accent', 'mïke', 'mike'],
    ['a plus address', 'mike+a@example.com', 'mike@example.com'],
    ['a digit of a telephone number', '+49 176 67111638', '+49 176 67111639'],
    ['the grouping of a number without a country code', '0176 67111638', '017667111638'],
    ['a space after a plus', '+1 2', '+12'],
  ])('%s does', (_, one, other) => {
    expect(normalizeIdentifier(one)).not.toBe(normalizeIdentifier(other));
  });

  test('invisible characters alone normalize to nothing', () => {
    expect(normalizeIdentifier(' \u200b\ufeff\u3164 ')).toBe('');
  });

  test('normalizing twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 24 }), (text) => {
        const once = normalizeIdentifier(text);
        expect(normalizeIdentifier(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('the displayed form keeps its letters', () => {
  expect(displayIdentifier(' Zoë@Example.COM ')).toBe('zoë@example.com');
});
