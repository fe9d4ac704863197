import { expect, test } from 'vitest';
import { pageHeaders } from './content-security.js';

const policy = (targets?: (string | undefined)[]): string => pageHeaders(targets)['content-security-policy'] ?? '';

test('a page loads its own stylesheet and nothing else', () => {
  expect(policy()).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
  );
});

test('a page tells nobody where its reader came from, and is not to be found', () => {
  expect(pageHeaders()).toMatchObject({
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow',
  });
});

test('a form may come out at the origins of the given addresses, each named once', () => {
  const targets = [
    'https://app.example.com/inside/x?y=1',
    'https://app.example.com/',
    'http://127.0.0.1:4455',
    undefined,
  ];
  expect(policy(targets)).toContain("form-action 'self' https://app.example.com http://127.0.0.1:4455;");
});

test.each([
  '',
  'not a url',
  'javascript:alert(1)',
  'data:text/html,x',
  'https://a;script-src%20*/',
  "https://a'b/",
  'myapp://open',
])('what is no plain web origin never gets into the policy: %s', (target) => {
  expect(policy([target])).toBe(policy());
});
