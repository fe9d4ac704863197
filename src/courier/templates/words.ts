import { createInstance, type TOptions } from 'i18next';
import { de } from './locales/de.js';
import { en } from './locales/en.js';
import { es } from './locales/es.js';
import { fr } from './locales/fr.js';
import type { Locale } from './locale.js';

export const RESOURCES = { en, de, fr, es } as const;

/** Returns a text in the locale: `say('recovery_valid.subject')`. Not escaped; HTML rendering escapes on its own. */
export type Say = (key: string, values?: TOptions) => string;

const i18n = createInstance();
void i18n.init({
  initAsync: false, // the texts are already loaded
  resources: Object.fromEntries(Object.entries(RESOURCES).map(([locale, words]) => [locale, { translation: words }])),
  fallbackLng: false, // tests find missing texts; a message must not switch to English halfway
  interpolation: { escapeValue: false, skipOnVariables: true },
  returnEmptyString: false,
});

export function sayIn(locale: Locale): Say {
  const t = i18n.getFixedT(locale);
  return (key, values = {}) => t(key, values);
}

/** Removes line breaks, control characters and bidi marks, so that a value cannot escape from its place in a text. */
export const inOneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim();

/** `15 minutes`, `3 Stunden`: from one hour on, whole hours, rounded down; at least one minute. */
export function span(minutes: number): { unit: 'minutes' | 'hours'; count: number } {
  const whole = Math.max(1, Math.floor(minutes));
  if (whole >= 120 || whole === 60) return { unit: 'hours', count: Math.floor(whole / 60) };
  return { unit: 'minutes', count: whole };
}

/** `January 31, 2030 at 20:15 UTC`; undefined for an invalid time. */
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
