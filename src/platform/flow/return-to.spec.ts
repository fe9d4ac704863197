import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkReturnTo, ReturnToForbidden, type ReturnToRule } from './return-to.js';

const RULE: ReturnToRule = {
  allowed: ['https://app.example.org/foo', 'http://127.0.0.1:4433', 'https://*.tenants.example.net/in'],
  relativeTo: 'http://127.0.0.1:4433/ui/welcome',
  prefixMatch: false,
};
const PARITY: ReturnToRule = { ...RULE, prefixMatch: true };

const refused = (target: string, rule: ReturnToRule): unknown => {
  try {
    return checkReturnTo(target, rule);
  } catch (error) {
    return error instanceof ReturnToForbidden ? 'refused' : error;
  }
};

describe('allowed targets', () => {
  test.each([
    ['https://app.example.org/foo', 'https://app.example.org/foo'],
    ['https://app.example.org/foo/', 'https://app.example.org/foo/'],
    ['https://app.example.org/foo/bar?a=b&c=%2F..%2F#top', 'https://app.example.org/foo/bar?a=b&c=%2F..%2F#top'],
    ['https://app.example.org/foo?next=https://evil.com', 'https://app.example.org/foo?next=https://evil.com'],
    ['https://app.example.org/foo#@evil.com', 'https://app.example.org/foo#@evil.com'],
    ['https://app.example.org/foo/%C3%BC', 'https://app.example.org/foo/%C3%BC'],
    ['https://app.example.org/foo/a@b:c;d=1', 'https://app.example.org/foo/a@b:c;d=1'],
    ['https://app.example.org/foo/ü', 'https://app.example.org/foo/%C3%BC'],
    ['https://app.example.org/foo/u\u0308', 'https://app.example.org/foo/u%CC%88'],
    ['https://app.example.org/foo/😀?q=ж#é', 'https://app.example.org/foo/%F0%9F%98%80?q=%D0%B6#%C3%A9'],
    ['HTTPS://APP.EXAMPLE.ORG/foo', 'https://app.example.org/foo'],
    ['https://app.example.org:443/foo', 'https://app.example.org/foo'],
    ['http://127.0.0.1:4433', 'http://127.0.0.1:4433/'],
    ['http://127.0.0.1:4433?a=b', 'http://127.0.0.1:4433/?a=b'],
    ['http://127.0.0.1:4433/anything/here', 'http://127.0.0.1:4433/anything/here'],
    ['/after', 'http://127.0.0.1:4433/after'],
    ['/', 'http://127.0.0.1:4433/'],
    ['/a?b=//evil.com', 'http://127.0.0.1:4433/a?b=//evil.com'],
    ['/@evil.com', 'http://127.0.0.1:4433/@evil.com'],
    ['https://one.tenants.example.net/in/side', 'https://one.tenants.example.net/in/side'],
  ])('%s', (target, location) => {
    expect(checkReturnTo(target, RULE)).toBe(location);
    expect(checkReturnTo(target, PARITY)).toBe(location);
  });
});

/** Every known way around the list. None may pass, neither strictly nor by prefix. */
const TRICKS = [
  '//evil.com',
  '///evil.com',
  '////evil.com',
  '/\\evil.com',
  '\\\\evil.com',
  '\\/evil.com',
  '/\t/evil.com',
  '/\n/evil.com',
  'https:evil.com',
  'https:/evil.com',
  'https:///evil.com',
  'http:///evil.com',
  'http:///127.0.0.1:4433/',
  'https:\\\\evil.com',
  'https:/\\evil.com',
  'https://app.example.org@evil.com',
  'https://app.example.org@evil.com/foo',
  'https://app.example.org:443@evil.com',
  'https://app.example.org:443@evil.com/foo',
  'https://app.example.org%40evil.com',
  'https://app.example.org%40evil.com/foo',
  'https://user@app.example.org/foo',
  'https://user:secret@app.example.org/foo',
  'https://@app.example.org/foo',
  'https://:@app.example.org/foo',
  'https://app.example.org.evil.com',
  'https://app.example.org.evil.com/foo',
  'https://evilapp.example.org/foo',
  'https://evil.com#@app.example.org/foo',
  'https://evil.com?@app.example.org/foo',
  'https://evil.com\\@app.example.org/foo',
  'https://evil.com/https://app.example.org/foo',
  ' https://app.example.org/foo',
  'https://app.example.org/foo ',
  'https://app.example.org/fo o',
  '\thttps://app.example.org/foo',
  'ht\ttps://evil.com',
  'h\nttps://app.example.org/foo',
  'https://app.example.org/\r\nLocation: https://evil.com',
  'https://app.example.org/foo\r\nSet-Cookie: a=b',
  'https://app.\u200bexample.org/foo',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'javascript://app.example.org/foo%0aalert(1)',
  'data:text/html,hello',
  'vbscript:msgbox(1)',
  'blob:https://app.example.org/foo',
  'file:///etc/passwd',
  'ftp://app.example.org/foo',
  'ws://127.0.0.1:4433/',
  'about:blank',
  'https://evil\u3002com',
  'https://app.example\u3002org/foo',
  'https://app.example\uff0eorg/foo',
  'https://app.example\uff61org/foo',
  'https://app.example%E3%80%82org/foo',
  'https://app.example.org%09/foo',
  'https://app.example.org/foo/%09',
  'https://app.example.org/foo\t/../bar',
  'https://%61pp.example.org/foo',
  'https://ａｐｐ.example.org/foo',
  'https://app.example.org./foo',
  'https://app.example.org:8443/foo',
  'https://app.example.org:/foo',
  'https://app.example.org:0443/foo',
  'https://app.example.org:80/foo',
  'http://app.example.org/foo',
  'http://app.example.org:443/foo',
  'https://[::1]/foo',
  'http://[::ffff:127.0.0.1]:4433/',
  'http://2130706433:4433/',
  'http://0x7f.0.0.1:4433/',
  'http://0177.0.0.1:4433/',
  'http://127.1:4433/',
  'http://127.0.0.1:4434/',
  'http://localhost:4433/',
  'https://app.example.org/foo\0',
  'https://app.example.org\0.evil.com/foo',
  'https://app.example.org%00.evil.com/foo',
  'https://app.example.org/foo%00',
  'https://app.example.org/foo%0d%0aSet-Cookie:a',
  'https://app.example.org/foo/../bar',
  'https://app.example.org/foo/./../bar',
  'https://app.example.org/foo/..',
  'https://app.example.org/foo/..;/bar',
  'https://app.example.org/foo/..%2f..%2fadmin',
  'https://app.example.org/foo/..%5c..%5cadmin',
  'https://app.example.org/foo/%2e%2e/admin',
  'https://app.example.org/foo/.%2E/admin',
  'https://app.example.org/foo/%252e%252e/admin',
  'https://app.example.org/foo/%25252e%25252e/admin',
  'https://app.example.org/foo/%252f..',
  'https://app.example.org/foo%2fbar',
  'https://app.example.org/foo\\..\\bar',
  'https://app.example.org//foo',
  'https://app.example.org/foo//evil.com',
  'https://app.example.org/foo/%c0%ae%c0%ae/admin',
  'https://app.example.org/foo/%ff',
  'https://app.example.org/foo/%',
  'https://app.example.org/foo/%zz',
  'https://app.example.org/foo/"onclick=',
  'https://app.example.org/foo/<b>',
  'https://app.example.org/foo/{a}',
  'https://app.example.org/foo／..',
  'https://app.example.org/foo/．．/bar',
  'https://app.example.org/foo/\u2025/bar',
  'https://app.example.org/foo/％2e％2e/bar',
  'https://app.example.org/foo/\x85',
  'https://bücher.example.org/foo',
  'https://app.example.org/FOO',
  'https://app.example.org/',
  'https://app.example.org',
  'https://app.example.org/fo',
  'https://app.example.org/bar',
  'https://tenants.example.net/in',
  'https://eviltenants.example.net/in',
  'https://one.tenants.example.net.evil.com/in',
  'https://one.tenants.example.net:8443/in',
  'http://one.tenants.example.net/in',
  'https://*.tenants.example.net/out',
  '?next=/foo',
  '#foo',
  'foo',
  'foo/bar',
  './foo',
  '../foo',
  '/..//evil.com',
  '/a/../../b',
  '/%2e%2e/b',
  '/%5cevil.com',
  '/%2fevil.com',
  '/.//evil.com',
  '',
  ' ',
  '.',
  ':',
  '://',
  'https://',
  'http://?',
  'null',
  'https://app.example.org/foo\ud800',
];

describe('attempts to get around the list are rejected', () => {
  test.each(TRICKS)('%j', (target) => {
    expect(refused(target, RULE)).toBe('refused');
    expect(refused(target, PARITY)).toBe('refused');
  });

  test.each([2048, 8192, 1_000_000])('a URL of at least %i characters', (length) => {
    const target = `https://app.example.org/foo/${'a'.repeat(length)}`;
    expect([refused(target, RULE), refused(target, PARITY)]).toEqual(['refused', 'refused']);
  });

  test('a longer last segment passes only by prefix', () => {
    expect(refused('https://app.example.org/foobar', RULE)).toBe('refused');
    expect(checkReturnTo('https://app.example.org/foobar', PARITY)).toBe('https://app.example.org/foobar');
  });

  test('an entry that covers a whole top-level domain, or is not a web URL, allows nothing', () => {
    const rule: ReturnToRule = {
      allowed: ['https://*.com', 'myapp://callback', 'nonsense', ''],
      relativeTo: '',
      prefixMatch: true,
    };
    for (const target of ['https://evil.com/', 'https://a.evil.com/', 'myapp://callback', '/', 'nonsense'])
      expect(refused(target, rule)).toBe('refused');
  });

  test('the error repeats the target, truncated and without characters that cannot be stored', () => {
    expect(new ReturnToForbidden('https://evil.example.net/').toBody()).toEqual({
      id: 'self_service_flow_return_to_forbidden',
      code: 400,
      status: 'Bad Request',
      reason: 'Requested return_to URL "https://evil.example.net/" is not allowed.',
      message: 'The request was malformed or contained invalid parameters',
    });
    const { reason } = new ReturnToForbidden(`a\0b\ud800${'c'.repeat(9000)}`);
    expect(reason).toMatch(/^Requested return_to URL "a\ufffdb\ufffdc+" is not allowed\.$/);
    expect(reason.length).toBeLessThan(2200);
  });
});

describe('every accepted target', () => {
  const origins = new Set(['https://app.example.org', 'http://127.0.0.1:4433']);
  const allowedOrigin = (url: URL): boolean =>
    origins.has(url.origin) ||
    (url.protocol === 'https:' && url.port === '' && url.hostname.endsWith('.tenants.example.net'));

  const pieces = fc.constantFrom(
    ...[
      'https:',
      'http:',
      'HTTPS:',
      '/',
      '//',
      '\\',
      '@',
      ':',
      ':443',
      '.',
      '..',
      '%2f',
      '%2e',
      '%5c',
      '%25',
      '%00',
      '?',
      '#',
      ';',
      '&',
    ],
    ...[
      'app.example.org',
      '127.0.0.1:4433',
      'one.tenants.example.net',
      'evil.com',
      '[::1]',
      'foo',
      'in',
      'bar',
      'a=b',
      '\t',
      '\n',
      ' ',
      '。',
      'ü',
      '"',
    ],
  );
  const starts = fc.constantFrom(
    '',
    '/',
    'https://app.example.org',
    'https://app.example.org/foo',
    'http://127.0.0.1:4433',
    'https://x.tenants.example.net/in',
  );
  const built = fc.tuple(starts, fc.array(pieces, { maxLength: 8 })).map(([start, rest]) => start + rest.join(''));
  const targets = fc.oneof(
    { weight: 6, arbitrary: built },
    { weight: 1, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );

  test.each([
    ['strictly', RULE],
    ['by prefix', PARITY],
  ])('has an allowed origin, and parses back to itself (%s)', (_, rule) => {
    let accepted = 0;
    fc.assert(
      fc.property(targets, (target) => {
        const location = refused(target, rule);
        if (location === 'refused') return;
        accepted++;
        const url = new URL(location as string);
        expect(allowedOrigin(url)).toBe(true);
        expect([url.username, url.password]).toEqual(['', '']);
        expect(url.href).toBe(location);
        expect(location).toMatch(/^[\x21-\x7e]+$/);
        expect(url.pathname).not.toMatch(/\/\/|\\|\/\.{1,2}(\/|;|$)|%2f|%5c|%2e|%25/i);
        expect(checkReturnTo(location as string, rule)).toBe(location);
      }),
      { numRuns: 4_000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });
});
