import { expect, test } from 'vitest';
import { pageLink } from './page-link.js';

test('parameters are in alphabetical order, repeated and encoded as needed; absent ones are left out', () => {
  const link = pageLink('/things', 'next', { page_token: 'a.b', ids: ['2', '1'], active: undefined, email: 'a+b@x' });
  expect(link).toBe('</things?email=a%2Bb%40x&ids=2&ids=1&page_token=a.b>; rel="next"');
});
