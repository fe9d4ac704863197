import { expect, test } from 'vitest';
import { KeyRing } from '../platform/keys/index.js';
import { PageTokens } from '../platform/paging/index.js';
import { PageTokenRefused } from './courier.errors.js';
import { MessagePageTokens } from './page-token.js';

const withSecret = (secret: string) => new MessagePageTokens(new PageTokens(new KeyRing([secret])));
const tokens = withSecret('a-secret-of-the-tests-only-0001');
const CURSOR = { at: '1893456000123456', id: '0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a11' };

test('a cursor keeps its microseconds', () => {
  expect(tokens.verify(tokens.sign(CURSOR))).toEqual(CURSOR);
  expect(tokens.verify(tokens.sign())).toEqual(tokens.verify(undefined));
});

test('a token that is changed, truncated or made with another key is rejected', () => {
  const token = tokens.sign(CURSOR);
  for (let i = 0; i < token.length; i++) {
    const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
    expect(() => tokens.verify(changed), `character ${i}`).toThrow(PageTokenRefused);
  }
  const foreign = withSecret('another-secret-of-the-tests-01').sign(CURSOR);
  for (const bad of ['x', token.slice(1), `${token}A`, `${token}=`, foreign])
    expect(() => tokens.verify(bad), bad).toThrow(PageTokenRefused);
});
