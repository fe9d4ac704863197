import { describe, expect, test } from 'vitest';
import { storedLocale, storedMessage } from './stored-message.js';

const opened = { locale: 'en', secret: 'S' } as const;

describe('storedMessage', () => {
  test.each([
    [
      'recovery_valid',
      { minutes: 60, flow: 'f' },
      { type: 'recovery_valid', locale: 'en', secret: 'S', data: { minutes: 60 } },
    ],
    ['recovery_invalid', { minutes: 60 }, { type: 'recovery_invalid', locale: 'en', data: {} }],
    [
      'recovery_code_admin',
      { minutes: 5, page: 'https://id.example/p' },
      { type: 'recovery_code_admin', locale: 'en', secret: 'S', data: { minutes: 5, page: 'https://id.example/p' } },
    ],
    ['recovered', { at: 't', method: 'code' }, { type: 'recovered', locale: 'en', data: { at: 't', method: 'code' } }],
    [
      'social_connected',
      { at: 't', provider: 'GitHub', userAgent: 'u' },
      { type: 'social_connected', locale: 'en', data: { at: 't', provider: 'GitHub', userAgent: 'u' } },
    ],
    [
      'password_changed',
      { at: 't', byAdministrator: true },
      { type: 'password_changed', locale: 'en', data: { at: 't', byAdministrator: true } },
    ],
  ])('%s', (type, data, message) => {
    expect(storedMessage(type, data, opened)).toEqual(message);
  });

  test('a field of the wrong type counts as missing', () => {
    expect(storedMessage('recovery_valid', { minutes: 'many' }, opened)).toMatchObject({ data: { minutes: 0 } });
    expect(storedMessage('recovered', { at: 7, method: 'other', userAgent: [] }, opened)).toMatchObject({
      data: { at: '', method: 'link' },
    });
  });

  test.each(['', 'stub', 'login_code_valid', 'constructor', '__proto__'])('%j is not a template', (type) => {
    expect(storedMessage(type, {}, opened)).toBe(undefined);
  });
});

test.each([
  ['de', 'de'],
  ['it', undefined],
  [undefined, undefined],
  [{}, undefined],
])('storedLocale %j', (value, locale) => {
  expect(storedLocale(value)).toBe(locale);
});
