import { describe, expect, test } from 'vitest';
import { KeyRing } from '../keys/index.js';
import { PageTokens } from './page-tokens.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const ALL = { name: 'things', question: [] };
const SECRET = 'a-secret-of-the-tests-only-0001';
const tokens = new PageTokens(new KeyRing([SECRET]));

describe('a page token', () => {
  test('returns the signed position', () => {
    expect(tokens.verify(ALL, tokens.sign(ALL, ID))).toBe(ID);
    expect(tokens.verify(ALL, tokens.sign(ALL, '12'))).toBe('12');
  });

  test('with any one character changed is invalid', () => {
    const token = tokens.sign(ALL, ID);
    const opened = Array.from(token, (is, at) =>
      [...'0123456789abcdefABCDEF.-_= '.replace(is, '')].map((other) =>
        tokens.verify(ALL, token.slice(0, at) + other + token.slice(at + 1)),
      ),
    ).flat();
    expect(opened.filter((position) => position !== undefined)).toEqual([]);
  });

  test.each([
    ['nothing', () => ''],
    ['a position without its MAC', () => ID],
    ['a shortened one', (token: string) => token.slice(0, -1)],
    ['a longer one', (token: string) => `${token}0`],
    ['one with a line end', (token: string) => `${token}\n`],
    ['one in capitals', (token: string) => token.toUpperCase()],
    [
      'one made with another secret',
      () => new PageTokens(new KeyRing(['another-secret-of-the-tests-0002'])).sign(ALL, ID),
    ],
  ])('%s is invalid', (_, forge) => {
    expect(tokens.verify(ALL, forge(tokens.sign(ALL, ID)))).toBeUndefined();
  });

  test.each([
    { name: 'others', question: [] },
    { name: 'things', question: [''] },
    { name: 'things', question: ['active'] },
  ])('is valid only for its list and query: %j', (other) => {
    expect(tokens.verify(other, tokens.sign(other, ID))).toBe(ID);
    expect(tokens.verify(other, tokens.sign(ALL, ID))).toBeUndefined();
    expect(tokens.verify(ALL, tokens.sign(other, ID))).toBeUndefined();
  });

  test('of an older secret is valid until that secret is removed', () => {
    const rotated = new PageTokens(new KeyRing(['the-newer-secret-of-the-tests-03', SECRET]));
    expect(rotated.verify(ALL, tokens.sign(ALL, ID))).toBe(ID);
    expect(tokens.verify(ALL, rotated.sign(ALL, ID))).toBeUndefined();
  });
});
