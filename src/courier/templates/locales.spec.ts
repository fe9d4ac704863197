import { describe, expect, test } from 'vitest';
import { LOCALES } from './locale.js';
import { RESOURCES, sayIn } from './words.js';

type Tree = { readonly [key: string]: string | Tree };

/** Every text by its path. */
function texts(tree: Tree, above = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(`${above}${key}`, value);
    else for (const entry of texts(value, `${above}${key}.`)) found.set(...entry);
  }
  return found;
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{\w+\}\}/g)].map(([found]) => found))].sort();

/** Texts that are missing, extra, or use other values than the English one. Plural forms may omit the number. */
function differences(from: Tree, other: Tree): string[] {
  const wanted = texts(from);
  const given = texts(other);
  const found: string[] = [];
  for (const [key, text] of wanted) {
    const theirs = given.get(key);
    if (theirs === undefined) found.push(`${key} is missing`);
    else if (placeholders(theirs).join() !== placeholders(text).join()) found.push(`${key} asks for other values`);
  }
  for (const key of given.keys()) if (!wanted.has(key) && !key.endsWith('_many')) found.push(`${key} is too much`);
  return found;
}

test.each(LOCALES)('%s has every text, with the same values', (locale) => {
  expect(texts(RESOURCES.en).size).toBeGreaterThan(50);
  expect(differences(RESOURCES.en, RESOURCES[locale])).toEqual([]);
});

test('a text that is missing, extra or uses other values is found', () => {
  const { greeting: _greeting, ...rest } = RESOURCES.de;
  const faulty = { ...rest, help: 'Hilfe: {{brand}}', hint: '' };
  expect(differences(RESOURCES.en, faulty)).toEqual([
    'greeting is missing',
    'help asks for other values',
    'hint is too much',
  ]);
});

test.each(LOCALES)('%s has every plural form of its language', (locale) => {
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const keys = [...texts(RESOURCES[locale]).keys()].filter((key) => PLURAL.test(key));
  const stems = new Set(keys.map((key) => key.replace(PLURAL, '')));
  expect([...stems]).toEqual(['once_minutes', 'once_hours']);
  expect(keys.sort()).toEqual([...stems].flatMap((stem) => forms.map((form) => `${stem}_${form}`)).sort());
});

test.each([
  ['en', 'minutes', 1, 'expires in 1 minute.'],
  ['en', 'minutes', 15, 'expires in 15 minutes.'],
  ['en', 'hours', 1, 'expires in 1 hour.'],
  ['de', 'minutes', 1, 'innerhalb der nächsten Minute.'],
  ['de', 'hours', 3, 'innerhalb der nächsten 3 Stunden.'],
  ['fr', 'minutes', 1, 'pendant une minute.'],
  ['fr', 'hours', 12, 'pendant 12 heures.'],
  ['es', 'hours', 1, 'durante la próxima hora.'],
  ['es', 'minutes', 30, 'durante los próximos 30 minutos.'],
] as const)('%s: %s, %d', (locale, unit, count, words) => {
  expect(sayIn(locale)(`once_${unit}`, { count })).toContain(words);
});

describe('typography', () => {
  test('no straight apostrophes in French, no double spaces, no spaces at an end', () => {
    for (const [key, text] of texts(RESOURCES.fr)) expect(text, key).not.toMatch(/'| [:;?!]/);
    for (const locale of LOCALES)
      for (const [key, text] of texts(RESOURCES[locale])) expect(text, `${locale} ${key}`).not.toMatch(/^ |\s$|\s\s/);
  });
});
