import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONG_CODE_BYTES, longCode, readLongCode } from './long-code.js';

const bytes = fc.uint8Array({ minLength: LONG_CODE_BYTES, maxLength: LONG_CODE_BYTES });
/** What people and mail programs add around and between. */
const noise = fc.constantFrom('', ' ', '-', '\u2013', '\n', '\t', '.', '\u200b', '\u00a0', '\ufeff');

test('a mailed code is read however it is pasted or typed', () => {
  const property = fc.property(
    bytes,
    fc.array(noise, { minLength: 40, maxLength: 40 }),
    fc.boolean(),
    (made, between, low) => {
      const code = longCode(made);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
      const plain = code.replaceAll('-', '');
      const pasted = [...(low ? plain.toLowerCase() : plain)].map((each, at) => between[at]! + each).join('');
      expect(readLongCode(pasted)).toBe(plain);
      const full = plain.replaceAll(/[0-9A-Z]/g, (each) => String.fromCodePoint(each.codePointAt(0)! + 0xfee0));
      expect(readLongCode(full)).toBe(plain);
    },
  );
  fc.assert(property);
});

test('letters that look like digits count as those digits', () => {
  expect(readLongCode('oOiI-lL00-0000-0000')).toBe('0011110000000000');
});

test.each(['', '123456', '234-225', '0123456789ABCDE', '0123456789ABCDEFG', '0123456789ABCDEU', '０１２３４５'])(
  'not a long code: %j',
  (text) => {
    expect(readLongCode(text)).toBeUndefined();
  },
);

test('all characters are equally likely', () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const [first] = longCode(new Uint8Array(LONG_CODE_BYTES).fill(byte));
    counts.set(first!, (counts.get(first!) ?? 0) + 1);
  }
  expect([counts.size, new Set(counts.values())]).toEqual([32, new Set([8])]);
});
