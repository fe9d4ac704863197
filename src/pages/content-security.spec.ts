import { expect, test } from 'vitest';
import { pageHeaders } from './content-security.js';

const policy = (targets?: (string | undefined)[]): string => pageHeaders(targets)['content-security-policy'] ?? '';

test('a page loads only its own stylesheet', () => {
  expect(policy()).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
  );
});

test('a page sends no referrer and is not indexed', () => {
  expect(pageHeaders()).toMatchObject({
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow',
  });
});

test('a form may lead to the origins of the given URLs, each listed once', () => {
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
])('anything but a plain web origin is kept out of the policy: %s', (target) => {
  expect(policy([target])).toBe(policy());
});
