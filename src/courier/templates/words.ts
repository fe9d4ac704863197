import { createInstance, type TOptions } from 'i18next';
import { de } from './locales/de.js';
import { en } from './locales/en.js';
import { es } from './locales/es.js';
import { fr } from './locales/fr.js';
import type { Locale } from './locale.js';

export const RESOURCES = { en, de, fr, es } as const;

/** Says a text of the locale: `say('recovery_valid.subject')`. Unescaped: what HTML is made of escapes by itself. */
export type Say = (key: string, values?: TOptions) => string;

const i18n = createInstance();
void i18n.init({
  initAsync: false, // the texts are at hand
  resources: Object.fromEntries(Object.entries(RESOURCES).map(([locale, words]) => [locale, { translation: words }])),
  fallbackLng: false, // a text that is missing is a fault that tests find, not half a message in English
  interpolation: { escapeValue: false, skipOnVariables: true },
  returnEmptyString: false,
});

export function sayIn(locale: Locale): Say {
  const t = i18n.getFixedT(locale);
  return (key, values = {}) => t(key, values);
}

/** Without line breaks, control characters and marks that turn the reading direction: what is put into a text stays a part of it. */
export const inOneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim();

/** `15 minutes`, `3 Stunden`: whole hours from the first on, rounded down, at least a minute. */
export function span(minutes: number): { unit: 'minutes' | 'hours'; count: number } {
  const whole = Math.max(1, Math.floor(minutes));
  if (whole >= 120 || whole === 60) return { unit: 'hours', count: Math.floor(whole / 60) };
  return { unit: 'minutes', count: whole };
}

/** `January 31, 2030 at 20:15 UTC`; undefined for what is no time. */
export function readableTime(at: string, locale: Locale): string | undefined {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return undefined;
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
    hourCycle: 'h23',
  });
  return `${inOneLine(format.format(time))} UTC`;
}
