import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../../test/support/configuration-files.js';

const at = (base: string, more: string): string[] => [`serve: { public: { base_url: '${base}' } }\n${more}`];

describe('cookies that browsers reject', () => {
  test.each([
    [`cookies: { domain: 'http://example.com' }`, 'cookies.domain: must be a host name, without scheme, port or path'],
    [`cookies: { domain: 'example.com:443' }`, 'cookies.domain: must be a host name, without scheme, port or path'],
    [`cookies: { domain: example.com/ }`, 'cookies.domain: must be a host name, without scheme, port or path'],
    [
      `session: { cookie: { domain: 'a b.example' } }`,
      'session.cookie.domain: must be a host name, without scheme, port or path',
    ],
    [
      `session: { cookie: { name: __Host-session, domain: example.com } }`,
      'session.cookie.name: starts with __Host-, which requires no domain, in session.cookie and in cookies',
    ],
    [
      `session: { cookie: { name: __Host-session, path: /auth } }\ncookies: { domain: example.com, secure: false }`,
      'session.cookie.name: starts with __Host-, which requires cookies.secure, and session.cookie.path: /, and no domain, in session.cookie and in cookies',
    ],
    [
      `session: { cookie: { name: __secure-session } }\ncookies: { secure: false }`,
      'session.cookie.name: starts with __Secure-, which requires cookies.secure',
    ],
  ])('%j stops the start', async (yaml, complaint) => {
    expect(await complaintsOf({ yaml: at('https://id.example.com', yaml) })).toEqual([complaint]);
  });

  test.each([
    ['https://id.example.com', 'cookies: { domain: other.example }', /^cookies\.domain: is not a parent/],
    ['https://id.example.com', 'cookies: { domain: ample.com }', /^cookies\.domain: is not a parent/],
    ['https://example.com', 'cookies: { domain: id.example.com }', /^cookies\.domain: is not a parent/],
    ['https://10.0.0.1', 'cookies: { domain: 0.0.1 }', /^cookies\.domain: is not a parent/],
    [
      'https://id.example.com',
      'session: { cookie: { domain: other.example } }',
      /^session\.cookie\.domain: is not a parent/,
    ],
    [
      'http://id.example.com',
      'dev: true\ncookies: { same_site: None, secure: true }',
      /^cookies\.same_site: None requires https/,
    ],
  ])('%s with %j causes a warning', async (base, yaml, warning) => {
    const { warnings } = await load({ yaml: at(base, yaml) });
    expect(warnings[0]).toMatch(warning);
  });

  test.each([
    ['https://id.example.com', 'cookies: { domain: example.com }'],
    ['https://id.example.com', 'cookies: { domain: .example.com }'],
    ['https://id.example.com', 'cookies: { domain: ID.example.com, same_site: None }'],
    ['http://127.0.0.1:4433', 'cookies: { domain: 127.0.0.1, same_site: None }'],
    ['http://localhost:4433', 'cookies: { domain: localhost }'],
    ['https://id.example.com', 'session: { cookie: { name: __Host-session } }'],
  ])('%s with %j is valid', async (base, yaml) => {
    expect((await load({ yaml: at(base, yaml) })).warnings).toEqual([]);
  });
});
