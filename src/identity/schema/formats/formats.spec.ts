import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORMATS } from './index.js';

const verdict = (format: string, text: string): boolean => FORMATS.get(format)!(text);

/** The same results as Kratos, whose validator reads dates, addresses and URIs with Go's standard library. */
const CASES: Record<string, { valid: string[]; invalid: string[] }> = {
  email: {
    valid: [
      'ada@example.com',
      'a@localhost',
      'jörg@example.com',
      '用户@example.com',
      '"a b"@example.com',
      '"a@b"@example.com',
      '"a\\"b"@example.com',
      '"(),:;<>[]"@example.com',
      "!#$%&'*+-/=?^_`{|}~@example.com",
      'a+tag@sub.example.co.uk',
      'a@1.2.3.4',
      'a@xn--bcher-kva.example',
      'a@x.-y',
      ' a@example.com',
      `${'a'.repeat(64)}@example.com`,
      `a@${'b'.repeat(63)}.com`,
      `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.abcdef`,
    ],
    invalid: [
      '',
      'a',
      '@example.com',
      'a@',
      'a b@example.com',
      'a..b@example.com',
      '.a@example.com',
      'a.@example.com',
      'a@b@example.com',
      '"a@example.com',
      '"a"b@example.com',
      '""@example.com',
      '"a"b"@example.com',
      'a,b@example.com',
      'a@example..com',
      'a@example.com.',
      'a@-example.com',
      'a@example-.com',
      'a@exa_mple.com',
      'a@bücher.example',
      'a@[127.0.0.1]',
      'a@example.com ',
      'Ada <a@example.com>',
      '<a@example.com>',
      'a@example.com (Ada)',
      'a@example.com, b@example.com',
      'a\n@example.com',
      '"a\r\nBcc: x"@example.com',
      '"a\tb"@example.com',
      'a\u0000@example.com',
      'a\u0085b@example.com',
      'a@example.com\n',
      `${'a'.repeat(65)}@example.com`,
      `${'ä'.repeat(33)}@example.com`,
      `a@${'b'.repeat(64)}.com`,
      `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.abcdefgh`,
    ],
  },
  hostname: {
    valid: ['a', 'example.com', 'example.com.', 'EXAMPLE', '1a', 'a.-b', 'xn--bcher-kva'],
    invalid: ['', '.', 'a..b', '-a', 'a-', 'a-.b', 'a_b', 'bücher', 'a b', 'a'.repeat(64), `${'a.'.repeat(127)}a`],
  },
  date: {
    valid: ['2024-02-29', '0000-01-01', '9999-12-31'],
    invalid: [
      '2023-02-29',
      '1900-02-29',
      '2024-13-01',
      '2024-00-01',
      '2024-01-32',
      '2024-1-1',
      '24-01-01',
      '2024-01-01T',
      '',
    ],
  },
  time: {
    valid: ['12:00:00Z', '1:00:00Z', '23:59:59.999999999+02:00', '12:00:00,5Z', '00:00:00-24:60'],
    invalid: [
      '24:00:00Z',
      '12:60:00Z',
      '12:00:60Z',
      '12:00:00',
      '12:00Z',
      '12:00:00z',
      '12:00:00+2:00',
      '12:00:00+25:00',
      '12:00:00.Z',
    ],
  },
  'date-time': {
    valid: ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.123456+02:00', '2024-02-29T1:00:00Z'],
    invalid: [
      '2024-02-30T12:00:00Z',
      '2024-02-29 12:00:00Z',
      '2024-02-29t12:00:00Z',
      '2024-02-29T12:00:00',
      '2024-02-29',
      '',
    ],
  },
  ipv4: {
    valid: ['127.0.0.1', '0.0.0.0', '255.255.255.255', '01.002.3.4', '+1.-0.2.3'],
    invalid: ['256.0.0.1', '1.2.3', '1.2.3.4.5', '1.2.3.', 'a.b.c.d', '-1.2.3.4', '1.2.3.4 ', ''],
  },
  ipv6: {
    valid: ['::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', 'ABCD::'],
    invalid: ['1.2.3.4', 'fe80::1%eth0', ':::', '1:2:3:4:5:6:7', '12345::', '::1/64', ''],
  },
  uri: {
    valid: [
      'https://example.com/a?b#c',
      'mailto:a@example.com',
      'urn:isbn:1',
      'a:',
      'http://[::1]:80/',
      'http://[fe80::1%25en0]/',
      'http://a b@x'.replace(' ', ''),
      'http://bücher.example/ä',
      'http://x/a b',
      'x:%zz',
      'http://x?%zz',
      'http://x:/',
      'HTTP://x',
    ],
    invalid: [
      '',
      'a',
      '/a',
      '//x/y',
      ':a',
      '1a:b',
      'http://a b/',
      'http://x:port/',
      'http://[::1',
      'http://x/%zz',
      'http://x#%zz',
      'http://%41/',
      'http://a b@x/',
      'ht\ntp://x',
      'http://x\u007f',
      'é:x',
    ],
  },
  'uri-reference': {
    valid: ['', 'a', '/a', '//x/y', '///x', '#frag', '?q', '*', 'a/b:c', './a:b', 'https://example.com', 'a b'],
    invalid: ['a:b:c/%zz'.replace('a:b:c', 'a'), '1:b', ':a', '//x:port', '#%', '\n'],
  },
  'uri-template': {
    valid: ['', '/a/{b}', 'https://example.com/{a}/{b}?x={c', '{a}{b}'],
    invalid: ['/a/{b', '/a/b}', '/{a{b}}', '/{a/b}', 'x/%'],
  },
  regex: { valid: ['a+', '(?i)a', '[[:alpha:]]', ''], invalid: ['(', '(?=a)', '\\1', 'a**'] },
  'json-pointer': { valid: ['', '/', '/a/0', '/a~0~1', '/~~'], invalid: ['a', '#/a', '/~', '/~2', '/a~'] },
  'relative-json-pointer': { valid: ['0', '1/a', '0#', '12/a/b'], invalid: ['', '/a', '-1', '01', 'a', '0##'] },
};

describe.each(Object.entries(CASES))('%s', (format, { valid, invalid }) => {
  test.each(valid)('%j', (text) => expect(verdict(format, text)).toBe(true));
  test.each(invalid)('not %j', (text) => expect(verdict(format, text)).toBe(false));
});

test('aliases', () => {
  for (const [name, same] of [
    ['ip-address', 'ipv4'],
    ['iri', 'uri'],
    ['uriref', 'uri-reference'],
    ['iri-reference', 'uri-reference'],
  ] as const)
    expect(FORMATS.get(name)).toBe(FORMATS.get(same));
});

test('unknown formats are ignored', () => {
  for (const name of ['uuid', 'duration', 'password', 'byte', 'idn-email', 'constructor', '__proto__'])
    expect(FORMATS.get(name)).toBeUndefined();
});

test('no text makes any of them slow or crash', () => {
  const long = ['a', '"', '\\', '.', '@', '{', ':', '%41', '1', '~0/', '-', ' '].map((unit) =>
    unit.repeat(100_000 / unit.length),
  );
  for (const [name, isValid] of FORMATS)
    for (const text of [...long, ...long.map((each) => `a@${each}`), ...long.map((each) => `http://${each}`)]) {
      const began = performance.now();
      isValid(text);
      expect([name, text.slice(0, 12), performance.now() - began < 1_000]).toEqual([name, text.slice(0, 12), true]);
    }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const isValid of FORMATS.values()) expect(isValid(text)).toBeTypeOf('boolean');
    }),
  );
});
