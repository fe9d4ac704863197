import { expect, test } from 'vitest';
import { FormOrigins } from './form-origins.js';

const origins = new FormOrigins([
  'https://id.example.com/api/kratos/public',
  'https://ui.example.com:8443/login?x=1',
  'https://*.apps.example.org/inside',
  'https://app-*.preview.example.net',
  'https://*.com',
  'http://127.0.0.1:4455/',
]);
const refused = (origin?: string, site?: string): boolean => origins.objection(origin, site) !== undefined;

test.each([
  ['our own origin', 'https://id.example.com', 'same-origin'],
  ['our own, from a browser that sends no metadata', 'https://id.example.com', undefined],
  ['a configured page on another site', 'https://ui.example.com:8443', 'cross-site'],
  ['a page on another port', 'http://127.0.0.1:4455', 'same-site'],
  ['a subdomain', 'https://one.apps.example.org', 'cross-site'],
  ['a subdomain of a subdomain', 'https://a.b.apps.example.org', 'cross-site'],
  ['a CORS pattern', 'https://app-7.preview.example.net', 'cross-site'],
  ['no browser at all', undefined, undefined],
  ['a typed address', undefined, 'none'],
  ['a browser that sends no Origin to its own site', undefined, 'same-origin'],
  ['our own page with a hidden origin', 'null', 'same-origin'],
  ['the same, without metadata', 'null', undefined],
])('lets through %s', (_, origin, site) => {
  expect(refused(origin, site)).toBe(false);
});

test.each([
  ['another site', 'https://evil.example', 'cross-site'],
  ['another site, without metadata', 'https://evil.example', undefined],
  ['a sibling host', 'https://evil.example.com', 'same-site'],
  ['another port', 'https://id.example.com:444', 'same-site'],
  ['plain http', 'http://id.example.com', 'cross-site'],
  ['a host with the same ending', 'https://evilid.example.com', 'same-site'],
  ['a host with the same beginning', 'https://id.example.com.evil.example', 'cross-site'],
  ["a pattern's bare domain", 'https://apps.example.org', 'cross-site'],
  ['a host that ends like a pattern, but without the dot', 'https://evilapps.example.org', 'cross-site'],
  ['a pattern on another scheme', 'http://one.apps.example.org', 'cross-site'],
  ['a pattern on another port', 'https://one.apps.example.org:8443', 'cross-site'],
  ['a pattern for a whole top-level domain', 'https://evil.com', 'cross-site'],
  ['a pattern with another ending', 'https://app-7.preview.example.net.evil.example', 'cross-site'],
  ['no Origin, but another site', undefined, 'cross-site'],
  ['a sandboxed frame', 'null', 'cross-site'],
  ['a sibling host with a hidden origin', 'null', 'same-site'],
  ['no origin at all', 'nonsense', 'same-origin'],
  ['a file', 'file://', 'cross-site'],
])('refuses %s', (_, origin, site) => {
  expect(refused(origin, site)).toBe(true);
});
