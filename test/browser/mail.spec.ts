import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  type Locale,
  LOCALES,
  sampleMessage,
  TEMPLATE_TYPES,
  Templates,
  type TemplateType,
} from '../../src/courier/index.js';
import { startChromium } from '../support/chromium.js';

const templates = new Templates({ brand: 'Example', support: 'help@example.com' });
vi.setConfig({ testTimeout: 120_000 });

const PHONE = 320;
const DESKTOP = 760;

let browser: Browser;
let directory: string;
beforeAll(async () => {
  browser = await startChromium();
  directory = await mkdtemp(join(tmpdir(), 'mail-'));
});
afterAll(async () => {
  await browser.close();
  await rm(directory, { recursive: true });
});

/** A mail program: a window without scripts, and the network requests it makes. */
async function reader(look: { width: number; colorScheme: 'light' | 'dark' }) {
  const { width, colorScheme } = look;
  const context = await browser.newContext({ viewport: { width, height: 640 }, colorScheme, javaScriptEnabled: false });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) requests.push(request.url());
  });
  const show = async (type: TemplateType, locale: Locale): Promise<void> => {
    const file = join(directory, `${type}.${locale}.html`);
    await writeFile(file, templates.render(sampleMessage(type, locale)).html);
    await page.goto(pathToFileURL(file).href);
  };
  return { page, requests, show, close: () => context.close() };
}

/** WCAG contrast, from 1 (the same colour) to 21 (black on white). */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [...colour.matchAll(/\d+/g)]
    .map(([part]) => Number(part) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const colours = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const style = getComputedStyle(element);
      let behind: Element | null = element;
      while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
      return { text: style.color, back: behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)' };
    });

test('every message fits a small phone in every language, and makes no network request', async () => {
  const { page, requests, show, close } = await reader({ width: PHONE, colorScheme: 'light' });
  for (const type of TEMPLATE_TYPES)
    for (const locale of LOCALES) {
      await show(type, locale);
      expect(await page.locator('html').evaluate((html) => html.scrollWidth), `${type} ${locale}`).toBe(PHONE);
    }
  expect(requests).toEqual([]);
  await close();
});

test.each(['light', 'dark'] as const)('texts, links and the button are legible: %s', async (colorScheme) => {
  const { page, show, close } = await reader({ width: DESKTOP, colorScheme });
  await show('recovery_link_admin', 'en');
  for (const selector of ['h1', 'p.text', 'p.soft', 'p .link', 'a.button', 'td.on-accent']) {
    const { text, back } = await colours(page, selector);
    expect(contrast(text, back), selector).toBeGreaterThan(4.5);
  }
  const card = await colours(page, '.card');
  expect(luminance(card.back) < 0.1).toBe(colorScheme === 'dark');
  await close();
});

test.each([
  ['mail-recovery-link', 'recovery_link_admin', 'en', 620, 'light'],
  ['mail-recovery-code-de', 'recovery_code_valid', 'de', 375, 'dark'],
  ['mail-recovered-fr', 'recovered', 'fr', 375, 'light'],
] as const)('picture %s', async (name, type, locale, width, colorScheme) => {
  const { page, show, close } = await reader({ width, colorScheme });
  await show(type, locale);
  const picture = await page.screenshot({ fullPage: true });
  await close();
  expect(picture.length).toBeGreaterThan(10_000);
  if (process.env['REGAIN_PICTURES'] === undefined) return;
  await mkdir(resolve('docs/pictures'), { recursive: true });
  await writeFile(resolve('docs/pictures', `${name}.png`), picture);
});
