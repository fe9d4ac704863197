import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { LOCALES } from './locale.js';
import { sampleMessage } from './samples.js';
import { type RenderedMessage, secretOf, TEMPLATE_TYPES, type TemplateMessage } from './template-message.js';
import { Templates } from './templates.js';

const templates = new Templates({ brand: 'Example', support: 'help@example.com' });
const EACH = TEMPLATE_TYPES.flatMap((type) => LOCALES.map((locale) => ({ type, locale })));

const unescaped = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
const hrefs = (html: string): string[] =>
  [...html.matchAll(/\shref="([^"]*)"/g)].map(([, href = '']) => unescaped(href));
/** The text that a person reads. */
const words = (html: string): string =>
  unescaped(html.replace(/<(style|title)>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, '\n'));
const squeezed = (text: string): string => text.replace(/\s+/g, ' ');

const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });

/** The body after a trip through the mail. */
async function mailed(text: string): Promise<string> {
  const { message } = await transport.sendMail({
    from: 'a@example.com',
    to: 'b@example.com',
    text,
    textEncoding: 'quoted-printable',
  });
  const mail = String(message);
  return mail.slice(mail.indexOf('\n\n') + 2);
}

const quotedPrintable = (body: string): string =>
  decodeURIComponent(
    body
      .replace(/=\n/g, '')
      .replace(/%/g, '%25')
      .replace(/=([0-9A-F]{2})/g, '%$1'),
  );

describe.each(EACH)('$type in $locale', ({ type, locale }) => {
  const message = sampleMessage(type, locale);
  const { subject, text, html } = templates.render(message);
  const lines = text.split('\n');

  test('leads to the same URL in both forms, and nowhere else', () => {
    const link = secretOf(type) === 'link' ? message.secret : type === 'recovery_code_admin' ? message.data : undefined;
    const target = typeof link === 'object' && 'page' in link ? link.page : link;
    const web = hrefs(html).filter((href) => href !== 'mailto:help@example.com');
    expect(web).toEqual(target === undefined ? [] : [target, target]); // the button and the URL itself
    expect(lines.filter((line) => line.includes('://'))).toEqual(target === undefined ? [] : [target]);
    for (const href of web) expect(new URL(String(href)).protocol).toBe('https:');
  });

  test('has its code on a line of its own, in both forms', () => {
    const isCode = secretOf(type) === 'code';
    expect(lines.includes('482913')).toBe(isCode);
    expect(words(html).split('\n').includes('482913')).toBe(isCode);
    expect(subject.includes('482913')).toBe(isCode);
  });

  test('says the same in both forms', () => {
    const inHtml = squeezed(words(html));
    const paragraphs = text.trim().split('\n\n').map(squeezed);
    for (const paragraph of paragraphs.filter((each) => !/: \S+@|Example|UTC/.test(each)))
      expect(inHtml).toContain(paragraph);
    expect(paragraphs.length).toBeGreaterThan(3);
    expect(squeezed(text)).toContain('help@example.com');
    expect(inHtml).toContain('help@example.com');
  });

  test('is HTML in its language and loads nothing', () => {
    expect(html).toMatch(new RegExp(`^<!doctype html>\n<html lang="${locale}" dir="ltr">`));
    expect(html).not.toMatch(
      /<(?:img|link|script|iframe|object|video|form|base)\b|\ssrc=|url\(|@import|@font-face|http-equiv/i,
    );
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect([...html.matchAll(/<table\b[^>]*>/g)].filter(([tag]) => !tag.includes('role="presentation"')).length).toBe(
      type.startsWith('recovery_') && type !== 'recovery_unfinished' ? 0 : 1, // the facts of a notice are in a real table
    );
  });

  test('has no missing texts or unfilled placeholders', () => {
    for (const part of [subject, text, words(html)]) {
      expect(part).not.toMatch(/\{\{|\}\}|\bundefined\b|\bnull\b|\[object/);
      expect(part).not.toMatch(/\b(?:recovery|recovered|password_changed|address_changed|social_\w+)(?:_\w+)?\.\w/);
    }
  });

  test('has short lines, and survives the mail unchanged', async () => {
    for (const line of lines.filter((each) => !each.includes('://'))) expect(line.length, line).toBeLessThanOrEqual(78);
    for (const line of html.split('\n')) expect(line.length).toBeLessThan(998);
    for (const part of [text, html]) {
      const encoded = await mailed(part);
      expect(encoded).toMatch(/^(?:[\t\x20-\x7e]{0,76}\n)*$/);
      expect(quotedPrintable(encoded)).toBe(part);
    }
    expect(subject).toMatch(/^\S.{5,80}\S$/);
  });
});

describe("Kratos' subjects", () => {
  test.each([
    ['recovery_valid', 'Recover access to your account'],
    ['recovery_invalid', 'Account access attempted'],
    ['recovery_code_valid', 'Use code 482913 to recover access to your account'],
    ['recovery_code_invalid', 'Account access attempted'],
  ] as const)('%s', (type, subject) => {
    expect(templates.render(sampleMessage(type, 'en')).subject).toBe(subject);
  });
});

describe('how long', () => {
  const validity = (minutes: number): string =>
    templates.render({ type: 'recovery_valid', locale: 'en', secret: 'https://id.example/l', data: { minutes } }).text;
  test.each([
    [0, 'expires in 1 minute.'],
    [0.5, 'expires in 1 minute.'],
    [1, 'expires in 1 minute.'],
    [15, 'expires in 15 minutes.'],
    [60, 'expires in 1 hour.'],
    [119.9, 'expires in 119 minutes.'],
    [180, 'expires in 3 hours.'],
    [239, 'expires in 3 hours.'],
  ])('%d minutes', (minutes, sentence) => {
    expect(squeezed(validity(minutes))).toContain(sentence);
  });
});

describe('without a support contact', () => {
  const alone = new Templates({ brand: 'Example', support: '  ' });
  test.each(EACH)('$type in $locale says so', ({ type, locale }) => {
    const { text, html } = alone.render(sampleMessage(type, locale));
    expect(text + html).not.toMatch(/help@|: *\n*$|: *<\/p>\n?<\/td>/);
    expect(text.split('Example').length).toBeGreaterThan(2);
  });
});

describe('hidden secrets', () => {
  test('a link with a redacted secret is shown; a word in its place is not a link', () => {
    const message: TemplateMessage = {
      type: 'recovery_valid',
      locale: 'en',
      secret: 'redacted',
      data: { minutes: 60 },
    };
    const { text, html } = templates.render(message);
    expect(text.split('\n')).toContain('redacted');
    expect(hrefs(html)).toEqual(['mailto:help@example.com']);
  });

  test('no notice shows a secret passed to it by mistake', () => {
    for (const type of TEMPLATE_TYPES.filter((each) => secretOf(each) === undefined)) {
      const message = { ...sampleMessage(type, 'en'), secret: 'SECRET' } as unknown as TemplateMessage;
      expect(JSON.stringify(templates.render(message))).not.toContain('SECRET');
    }
  });
});

describe('notices', () => {
  const notice = (data: object): RenderedMessage =>
    templates.render({ type: 'password_changed', locale: 'en', data: { at: '2030-01-31T20:15:00Z', ...data } });

  test('say when and on what', () => {
    expect(notice({ userAgent: 'Firefox/133 (Windows)' }).text).toContain(
      'When: January 31, 2030 at 20:15 UTC\nDevice: Firefox on Windows\n',
    );
  });

  test('say that an unrecognized device is unknown', () => {
    expect(notice({}).text).toContain('Device: unknown');
    expect(notice({ at: 'yesterday' }).text).not.toContain('When:');
  });

  test("say that an administrator did it, without the administrator's device", () => {
    const { text } = notice({ byAdministrator: true, userAgent: 'Firefox/133 (Windows)' });
    expect(text).toContain('By: an administrator');
    expect(text).not.toContain('Firefox');
    expect(text).not.toContain("If this wasn't you");
  });
});

describe('hostile values', () => {
  const BRAND = '<script>alert(1)</script>{{support}}$t(help)\r\nBcc: all@evil.example\u202e';
  const SUPPORT = '"><img src=x onerror=alert(1)> javascript:alert(2) https://a.example/"onmouseover="x';
  const hostile = new Templates({ brand: BRAND, support: SUPPORT });
  const VALUES = {
    provider: `'"><svg/onload=alert(3)>{{brand}}\n\nEvil: line`,
    userAgent: '<b>Firefox/1 Windows</b><script>',
    at: '2030-01-31T20:15:00Z<script>',
    page: 'javascript:alert(4)',
    minutes: 60,
  };

  test.each(EACH)('$type in $locale stays itself', ({ type, locale }) => {
    const sample = sampleMessage(type, locale);
    const secret = sample.secret && `${sample.secret}"><script>alert(5)</script>`;
    const message = { ...sample, secret, data: { ...sample.data, ...VALUES } } as TemplateMessage;
    const { subject, text, html } = hostile.render(message);
    expect(html).not.toMatch(/<(?:script|img|svg|b)\b/i);
    expect(html.match(/<[^>]*\son\w+=/gi)).toBe(null);
    for (const href of hrefs(html)) expect(href).toMatch(/^(?:https:|mailto:)/);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(text).not.toMatch(/(?:^|\n\n)(?:Bcc|Evil):/);
    expect(text + html + subject).not.toContain('\u202e');
    if (text.includes('<script>alert(1)')) expect(squeezed(text)).toContain('{{support}}$t(help) Bcc:'); // not expanded again
  });
});
