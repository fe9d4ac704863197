import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Blocks look-ups of internet names, which could hang where there is no internet. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost';
const MISSING = 'There is no Chromium for the browser tests. Install it: sudo apt-get install -y chromium';

/**
 * Debian's Chromium, headless.
 * @throws an error that says how to install it
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error(MISSING);
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', OFFLINE],
  });
}

/** A person's own browser, with a record of its network traffic. */
export class Person {
  /** messages from the console: policy violations, failed loads, script errors */
  readonly complaints: string[] = [];
  readonly requests: { url: string; referer: string }[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 900, height: 720 } });
    context.setDefaultTimeout(30_000); // less than the test's own, so that the failure names the step
    const person = new Person(context, await context.newPage());
    const { page, complaints, requests } = person;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} ${request.failure()?.errorText}`));
    page.on('request', (request) => {
      requests.push({ url: request.url(), referer: request.headers()['referer'] ?? '' });
    });
    return person;
  }

  /** The URLs in the back button's history, and the current one. */
  async history(): Promise<string[]> {
    const session = await this.context.newCDPSession(this.page);
    const { entries, currentIndex } = await session.send('Page.getNavigationHistory');
    await session.detach();
    return entries.slice(0, currentIndex + 1).map(({ url }) => url);
  }

  /** Presses a button and waits for the next page. */
  async press(name: string | RegExp): Promise<void> {
    await this.leave(this.page.getByRole('button', { name }));
  }

  /** Follows a link and waits for the next page. */
  async follow(name: string | RegExp): Promise<void> {
    await this.leave(this.page.getByRole('link', { name }));
  }

  /** Fills in the password form and submits it. */
  async sendPassword(password: string): Promise<void> {
    const form = this.page.locator('form', { has: this.page.locator('[name=password]') });
    await form.locator('[name=password]').fill(password);
    await this.leave(form.locator('button'));
  }

  /** A click resolves before the next page has loaded; continuing from the old page would abort it. */
  private async leave(way: Locator): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), way.click()]);
  }

  /** Saves a picture to docs/pictures if REGAIN_PICTURES is set, so that a plain test run changes no files. */
  async picture(name: string, { whole = false } = {}): Promise<void> {
    if (process.env['REGAIN_PICTURES'] === undefined) return;
    const path = resolve('docs/pictures', `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path, fullPage: whole });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
