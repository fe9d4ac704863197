import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { SelfServiceConfig, ServeConfig } from '../../config/index.js';
import type { CookieOptions, HttpOptions } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { SocialCookie } from './social.cookie.js';

const made = (cookies: Partial<CookieOptions>, back?: string): SocialCookie => {
  const selfservice = new SelfServiceConfig();
  if (back !== undefined) Object.assign(selfservice.methods.oidc.config, { base_redirect_uri: back });
  const serve = Object.assign(new ServeConfig(), { public: { base_url: 'https://id.example.com' } });
  const http = { cookies: { path: '/', sameSite: 'Lax', secure: true, ...cookies } } as HttpOptions;
  return new SocialCookie(new Random(), selfservice, serve, http);
};
const bringing = (cookie: string): FastifyRequest => ({ headers: { cookie } }) as FastifyRequest;
const nameOf = (cookie: SocialCookie): string => cookie.ensure(bringing('')).line.split('=')[0]!;
const SECRET = 'x'.repeat(32);

test('it is bound to this host, if the browser can enforce that', () => {
  expect(nameOf(made({}))).toBe('__Host-ory_kratos_continuity');
  expect(nameOf(made({ domain: 'example.com' }))).toBe('__Host-ory_kratos_continuity');
  expect(made({}).ensure(bringing('')).line).toMatch(/; Path=\/; Max-Age=900; HttpOnly; Secure; SameSite=Lax$/);
});

test.each([
  ['plain http', made({ secure: false })],
  ['another path', made({ path: '/auth' })],
  ['a return to another host of the domain', made({ domain: 'example.com' }, 'https://login.example.com')],
])('not with %s', (_, cookie) => {
  expect(nameOf(cookie)).toBe('ory_kratos_continuity');
});

/**
 * Any host of the domain could set a cookie with the plain name, and finish its own sign-in in another person's
 * browser.
 */
test('one set by a sibling host is neither accepted nor kept', () => {
  const cookie = made({});
  const planted = bringing(`ory_kratos_continuity=${SECRET}`);
  expect(cookie.read(planted)).toBeUndefined();
  expect(cookie.ensure(planted).secret).not.toBe(SECRET);
  expect(cookie.read(bringing(`__Host-ory_kratos_continuity=${SECRET}`))).toBe(SECRET);
});
