import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Nothing of the internet is looked up: where there is none, that takes as long as the resolver likes. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost';
const MISSING = 'There is no Chromium for the browser tests. Install it: sudo apt-get install -y chromium';

/** Debian's Chromium, without a window. @throws with the line that says how to install it */
export async function startChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error(MISSING);
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', OFFLINE],
  });
}

/** A person's own browser, and what went over its wire. */
export class Person {
  /** what the console said: violations of a policy, failed loads, errors of scripts */
  readonly complaints: string[] = [];
  readonly requests: { url: string; referer: string }[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 900, height: 720 } });
    context.setDefaultTimeout(30_000); // sooner than the test's own: then the failure names the step
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

  /** The addresses that the back button leads to, and the one that is shown. */
  async history(): Promise<string[]> {
    const session = await this.context.newCDPSession(this.page);
    const { entries, currentIndex } = await session.send('Page.getNavigationHistory');
    await session.detach();
    return entries.slice(0, currentIndex + 1).map(({ url }) => url);
  }

  /** Presses a button, and is at the page that it leads to. */
  async press(name: string | RegExp): Promise<void> {
    await this.leave(this.page.getByRole('button', { name }));
  }

  /** Follows a link, and is at the page that it leads to. */
  async follow(name: string | RegExp): Promise<void> {
    await this.leave(this.page.getByRole('link', { name }));
  }

  /** Fills in the form that asks for a password, and sends it. */
  async sendPassword(password: string): Promise<void> {
    const form = this.page.locator('form', { has: this.page.locator('[name=password]') });
    await form.locator('[name=password]').fill(password);
    await this.leave(form.locator('button'));
  }

  /** A click comes back before the next page is there; whoever goes on from the old one aborts it. */
  private async leave(way: Locator): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), way.click()]);
  }

  /** Into docs/pictures, when REGAIN_PICTURES says so: a run of the tests changes no file by itself. */
  async picture(name: string): Promise<void> {
    if (process.env['REGAIN_PICTURES'] === undefined) return;
    const path = resolve('docs/pictures', `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
