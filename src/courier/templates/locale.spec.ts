import { describe, expect, test } from 'vitest';
import { chooseLocale, traitAt } from './locale.js';

describe('chooseLocale', () => {
  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['de_CH', 'de'],
    ['DE', 'de'],
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'fr'],
    ['en;q=0.4, es;q=0.9', 'es'],
    ['it, ja, es;q=0.1', 'es'],
    ['de;q=0, fr;q=0.1', 'fr'],
    ['en, de', 'en'],
    ['de ; q = 0.5 , fr; q=0.6', 'fr'],
    ['de;q=2, fr;q=0.1', 'fr'],
    ['de;q=x, fr;q=0.1', 'fr'],
  ])('%s: %s', (wish, locale) => {
    expect(chooseLocale([wish], 'en')).toBe(locale);
  });

  test.each([
    undefined,
    null,
    '',
    'it',
    '*',
    'den',
    'de-',
    'klingon-language',
    42,
    { de: 1 },
    ['de'],
    ';;,,',
    'de;q=0',
  ])('skips %j', (wish) => {
    expect(chooseLocale([wish], 'es')).toBe('es');
    expect(chooseLocale([wish, 'fr'], 'es')).toBe('fr');
  });

  test('the first wish with a supported language wins', () => {
    expect(chooseLocale([undefined, 'it, ja', 'de-DE,de;q=0.9', 'fr'], 'en')).toBe('de');
  });

  test('an endless header is handled quickly', () => {
    const started = performance.now();
    expect(chooseLocale(['a-'.repeat(1_000_000), 'x'.repeat(1_000_000), `${'it,'.repeat(400_000)}de`], 'fr')).toBe(
      'fr',
    );
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('traitAt', () => {
  const traits = { locale: 'de', settings: { language: 'fr' }, list: ['es'] };
  test.each([
    ['traits.locale', 'de'],
    ['locale', 'de'],
    ['traits.settings.language', 'fr'],
    ['traits.settings', { language: 'fr' }],
    ['traits.nothing', undefined],
    ['traits.locale.length.more', undefined],
    ['traits.constructor', undefined],
    ['traits.__proto__.toString', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (path, value) => {
    expect(traitAt(traits, path)).toEqual(value);
  });

  test.each([null, undefined, 'text', 7])('of %j is nothing', (nothing) => {
    expect(traitAt(nothing, 'traits.locale')).toBe(undefined);
  });
});
