import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { CookiesConfig, RootConfig, ServeConfig, SessionConfig } from '../config/index.js';
import { cookiesAreSecure, SessionCookie } from './session.cookie.js';

interface Given {
  baseUrl?: string;
  dev?: boolean;
  secure?: boolean;
  cookie?: Partial<SessionConfig['cookie']>;
}

const root = (dev = false): RootConfig => Object.assign(new RootConfig(), { dev });
const serve = (base_url: string): ServeConfig => Object.assign(new ServeConfig(), { public: { base_url } });
const cookies = (secure?: boolean): CookiesConfig => Object.assign(new CookiesConfig(), { secure });

const made = ({ baseUrl = 'https://id.example.com', dev, secure, cookie }: Given): SessionCookie => {
  const session = new SessionConfig();
  Object.assign(session.cookie, cookie);
  return new SessionCookie(session, cookies(secure), serve(baseUrl), root(dev));
};

describe('Secure', () => {
  test.each([
    ['https://id.example.com', true],
    ['http://id.example.com', true],
    ['http://127.0.0.1:4433', false],
    ['http://localhost:4433/api/kratos/public', false],
    ['http://[::1]:4433', false],
    ['https://localhost', true],
    ['http://localhost.example.com', true],
  ])('%s: %s', (baseUrl, expected) => {
    expect(cookiesAreSecure(root(), serve(baseUrl), cookies())).toBe(expected);
    expect(cookiesAreSecure(root(true), serve(baseUrl), cookies())).toBe(false);
    expect([true, false].map((secure) => cookiesAreSecure(root(), serve(baseUrl), cookies(secure)))).toEqual([
      true,
      false,
    ]);
  });
});

test('the Set-Cookie line carries the configured attributes', () => {
  expect(made({}).line('t')).toBe('ory_kratos_session=t; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax');
  const own = { name: 'sid', path: '/x', domain: 'example.com', same_site: 'Strict', persistent: false } as const;
  expect(made({ cookie: own }).line('t')).toBe('sid=t; Path=/x; Domain=example.com; HttpOnly; Secure; SameSite=Strict');
});

test('it is cleared with the attributes it was set with', () => {
  expect(made({ cookie: { path: '/x', domain: 'example.com' } }).clear()).toBe(
    'ory_kratos_session=; Path=/x; Domain=example.com; Max-Age=0; HttpOnly; Secure; SameSite=Lax',
  );
});

test('it is read by its configured name', () => {
  const request = { headers: { cookie: 'a=b; ory_kratos_session=token; sid=other' } } as FastifyRequest;
  expect(made({}).read(request)).toBe('token');
  expect(made({ cookie: { name: 'sid' } }).read(request)).toBe('other');
  expect(made({ cookie: { name: 'none' } }).read(request)).toBeUndefined();
});
