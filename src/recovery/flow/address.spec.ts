import { describe, expect, test } from 'vitest';
import { readAddress } from './address.js';

describe('a submitted address', () => {
  test('is kept as given and compared in its normalized form', () => {
    expect(readAddress('  Ada.Lovelace@Example.COM ')).toEqual({
      given: 'Ada.Lovelace@Example.COM',
      normalized: 'ada.lovelace@example.com',
    });
    expect(readAddress('ａda@example.com')?.normalized).toBe('ada@example.com');
  });

  test.each([
    'nope',
    '@example.com',
    'ada@',
    'ada@.example',
    'ada@example.com,eve@example.com',
    'ada@example.com;eve@example.com',
    'ada@example.com eve@example.com',
    'ada@example.com\nBcc: eve@example.com',
    'ada@example.com\r\nBcc:eve',
    'Ada <ada@example.com>',
    '"ada"@example.com',
    'ada@eve@example.com',
    'a\u200bda@example.com',
    'ada\u0001@example.com',
    `${'a'.repeat(250)}@example.com`,
  ])('%j is not an address', (text) => {
    expect(readAddress(text)).toBe(undefined);
  });
});
