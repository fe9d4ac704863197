import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactRequestUrl } from './request-url.js';

const BASE = 'http://127.0.0.1:4433/self-service/recovery';

test.each([
  ['token=abc&flow=1', 'token=redacted&flow=1'],
  ['flow=1&token=abc', 'flow=1&token=redacted'],
  ['token=a&token=b', 'token=redacted'],
  ['code=123456', 'code=redacted'],
  ['state=xyz', 'state=redacted'],
  ['session_token=xyz', 'session_token=redacted'],
  ['csrf_token=xyz', 'csrf_token=redacted'],
  ['TOKEN=abc', 'TOKEN=redacted'],
  ['%74oken=abc', 'token=redacted'],
  ['flow=1&return_to=https%3A%2F%2Fapp.example.org%2Fa', 'flow=1&return_to=https%3A%2F%2Fapp.example.org%2Fa'],
  ['tokens=1&codec=2&estate=3', 'tokens=1&codec=2&estate=3'],
])('%s becomes %s', (query, kept) => {
  expect(redactRequestUrl(`${BASE}?${query}`)).toBe(`${BASE}?${kept}`);
});

test('a text that is not a URL is dropped', () => {
  expect(redactRequestUrl('/self-service/recovery?token=abc')).toBe('');
  expect(redactRequestUrl('http://')).toBe('');
});

test('a long URL loses its query; its length counts after masking secrets', () => {
  expect(redactRequestUrl(`${BASE}?a=${'b'.repeat(2_100)}`)).toBe(BASE);
  expect(redactRequestUrl(`${BASE}?a=${'ü'.repeat(500)}`)).toBe(BASE);
  expect(redactRequestUrl(`${BASE}?token=${'b'.repeat(2_100)}`)).toBe(`${BASE}?token=redacted`);
  const long = `${BASE}?a=${'b'.repeat(1_900)}`;
  expect(redactRequestUrl(long)).toBe(long);
});

test('no secret parameter survives, whatever its position', () => {
  const names = fc.constantFrom('token', 'code', 'state', 'logout_token', 'Session_Token');
  const other = fc.tuple(fc.constantFrom('flow', 'return_to', 'a b', 'ü', 'x[]'), fc.string());
  fc.assert(
    fc.property(fc.array(other), names, fc.array(other), (before, name, after) => {
      const query = new URLSearchParams([...before, [name, 'CANARY/+?='], ...after]);
      expect(redactRequestUrl(`${BASE}?${query}`)).not.toContain('CANARY');
    }),
  );
});
