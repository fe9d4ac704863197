import { describe, expect, test } from 'vitest';
import { RegainConfig, SelfServiceConfig, ServeConfig, Urls } from '../config/index.js';
import { ReturnToForbidden } from '../platform/flow/index.js';
import { ReturnToService } from './return-to.service.js';

function service({ prefixMatch = false, start = 'https://www.example.org/welcome' } = {}): ReturnToService {
  const selfservice = Object.assign(new SelfServiceConfig(), {
    default_browser_return_url: start,
    allowed_return_urls: ['https://app.example.org/inside'],
  });
  const serve = new ServeConfig();
  Object.assign(serve.public, { base_url: 'http://127.0.0.1:4433/api/kratos/public' });
  const regain = Object.assign(new RegainConfig(), { return_to_prefix_match: prefixMatch });
  return new ReturnToService(selfservice, regain, new Urls(serve, selfservice));
}

describe('check', () => {
  test.each([
    'https://app.example.org/inside/a?b=c',
    'https://www.example.org/welcome',
    'http://127.0.0.1:4433/api/kratos/public/ui/settings',
    'http://127.0.0.1:4433/api/kratos/public/self-service/settings?flow=9f425a8d-7efc-4768-8f23-7647a74fdf13',
  ])('%s is allowed', (target) => {
    expect(service().check(target)).toBe(target);
  });

  test.each([
    'https://www.example.org/',
    'https://www.example.org/welcome-to-evil',
    'https://app.example.org/',
    'http://127.0.0.1:4433/',
    'http://127.0.0.1:4434/api/kratos/public/ui/settings',
    'https://evil.example.net/',
  ])('%s is not', (target) => {
    expect(() => service().check(target)).toThrow(ReturnToForbidden);
  });

  test('a path is relative to the origin of the default URL', () => {
    expect(service().check('/welcome/back')).toBe('https://www.example.org/welcome/back');
    expect(() => service().check('/elsewhere')).toThrow(ReturnToForbidden);
  });

  test('our own pages are allowed if no default URL is configured', () => {
    expect(service({ start: '' }).check('/api/kratos/public/ui/welcome')).toBe(
      'http://127.0.0.1:4433/api/kratos/public/ui/welcome',
    );
  });

  test('partial path segments only match in Kratos’ mode', () => {
    expect(() => service().check('https://app.example.org/inside-out')).toThrow(ReturnToForbidden);
    expect(service({ prefixMatch: true }).check('https://app.example.org/inside-out')).toBe(
      'https://app.example.org/inside-out',
    );
  });

  test('absent and empty stay absent', () => {
    expect([service().check(undefined), service().check('')]).toEqual([undefined, undefined]);
  });
});

describe('allowed', () => {
  test('returns targets that are still allowed, and nothing for others', () => {
    expect(service().allowed('https://app.example.org/inside')).toBe('https://app.example.org/inside');
    expect(service().allowed('https://evil.example.net/')).toBe(undefined);
    expect(service().allowed(null)).toBe(undefined);
  });
});
