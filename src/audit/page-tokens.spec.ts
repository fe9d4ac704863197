import { describe, expect, test } from 'vitest';
import { KeyRing } from '../platform/keys/index.js';
import { PageTokenInvalid, PageTokens } from '../platform/paging/index.js';
import { AuditPageTokens } from './page-tokens.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const ALL = { pageSize: 100 };
const withSecrets = (...secrets: string[]) => new AuditPageTokens(new PageTokens(new KeyRing(secrets)));
const tokens = withSecrets('a-secret-of-the-tests-only-0001');
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a page token', () => {
  test('returns the signed id, whatever the size of the next page', () => {
    expect(tokens.verify(tokens.sign(ID, ALL), { pageSize: 7 })).toBe(ID);
  });

  test('with any character changed is rejected', () => {
    const token = tokens.sign(ID, ALL);
    for (let i = 0; i < token.length; i++) {
      for (const other of ALPHABET.replace(token[i]!, '')) {
        expect(() => tokens.verify(token.slice(0, i) + other + token.slice(i + 1), ALL)).toThrow(PageTokenInvalid);
      }
    }
  });

  test.each([
    ['nothing', () => ''],
    ['a plain id', () => ID],
    ['an id without its MAC', () => `.${ID}`],
    ['a shortened one', (token: string) => token.slice(0, -4)],
    ['a longer one', (token: string) => `${token}AAAA`],
    ['a padded one', (token: string) => `${token}=`],
    ['one in another alphabet', (token: string) => `${token.slice(0, -1)}+`],
    ['one with a line end', (token: string) => `${token}\n`],
    ['one signed with another secret', () => withSecrets('another-secret-of-the-tests-0002').sign(ID, ALL)],
  ])('%s is rejected', (_, forge) => {
    expect(() => tokens.verify(forge(tokens.sign(ID, ALL)), ALL)).toThrow(PageTokenInvalid);
  });

  test.each([
    { action: 'a' },
    { targetId: 'a' },
    { actorId: 'a' },
    { since: new Date(0) },
    { until: new Date(0) },
    { action: '' },
  ])('is valid only for its filters: %j', (filter) => {
    const filtered = { ...filter, pageSize: 100 };
    expect(tokens.verify(tokens.sign(ID, filtered), filtered)).toBe(ID);
    expect(() => tokens.verify(tokens.sign(ID, ALL), filtered)).toThrow(PageTokenInvalid);
    expect(() => tokens.verify(tokens.sign(ID, filtered), ALL)).toThrow(PageTokenInvalid);
  });

  test('of an older secret is valid until that secret is removed', () => {
    const rotated = withSecrets('the-newer-secret-of-the-tests-03', 'a-secret-of-the-tests-only-0001');
    expect(rotated.verify(tokens.sign(ID, ALL), ALL)).toBe(ID);
    expect(() => tokens.verify(rotated.sign(ID, ALL), ALL)).toThrow(PageTokenInvalid);
  });
});
