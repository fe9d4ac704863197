import { expect, test } from 'vitest';
import { Random } from '../platform/random/index.js';
import { SCOPES, ScopeNames } from '../platform/http/index.js';
import { missingScopes } from './scopes.js';
import { isTokenShaped, looksLikeExample, SECRET_LENGTH, tokenOf } from './token-format.js';

test('every created token is well-formed and does not look like an example', () => {
  const random = new Random();
  const made = Array.from({ length: 5000 }, () => tokenOf(random.base62(SECRET_LENGTH)));
  expect(made.filter((token) => !isTokenShaped(token) || looksLikeExample(token))).toEqual([]);
  expect(new Set(made).size).toBe(5000);
});

test.each([
  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'XxXxXxXxXxXxXxXxXxXxXxXxXxXxXxXx',
  '00000000000000000000000000000001',
  'abcdefghijklmnopqrstuvwxyz012345',
  'tokentokentokentokentokentokento',
])('ory_pat_%s is an example', (secret) => expect(looksLikeExample(tokenOf(secret))).toBe(true));

test('scopes: the star includes all, any other scope only itself', () => {
  expect(missingScopes(['*'], [...SCOPES])).toEqual([]);
  expect(missingScopes(['identity:read'], ['identity:read'])).toEqual([]);
  expect(missingScopes(['identity:read'], ['identity:write', '*'])).toEqual(['identity:write', '*']);
  expect(missingScopes([], ['identity:read'])).toEqual(['identity:read']);
  expect(missingScopes(['identity'], ['identity:read'])).toEqual(['identity:read']);
  expect(
    ['', 'identity', 'identity:*', 'toString', 'IDENTITY:READ'].filter((text) => new ScopeNames().has(text)),
  ).toEqual([]);
});
