import { expect, test } from 'vitest';
import { nearestName } from './near-name.js';

const NAMES = ['expires_in', 'identity_id', 'traits', 'state'];

test.each([
  ['expire_in', 'expires_in'],
  ['expires_inn', 'expires_in'],
  ['expiresIn', 'expires_in'],
  ['EXPIRES-IN', 'expires_in'],
  ['identityId', 'identity_id'],
  ['tratis', 'traits'],
  ['trait', 'traits'],
  ['statf', 'state'],
])('%s is within one edit of %s', (given, meant) => {
  expect(nearestName(given, NAMES, 1)).toBe(meant);
});

test.each(['', 'tries', 'status_', 'traits_of', 'x'.repeat(10_000)])('%s has no near name', (given) => {
  expect(nearestName(given, NAMES, 1)).toBeUndefined();
});

test('the nearest of several is chosen', () => {
  expect(nearestName('abcd', ['abxx', 'abce', 'zzzz'], 2)).toBe('abce');
});
