import { createServer, type Server } from 'node:http';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Person, startChromium } from '../support/chromium.js';
import { freePort, launch, type ServerProcess, type Workplace, workplace } from '../support/server-process.js';

const PASSWORD = 'a long walk by the river';
const PREFIX = '/api/kratos/public';

vi.setConfig({ testTimeout: 120_000 });

let place: Workplace;
let server: ServerProcess;
let chromium: Browser;
let person: Person;
/** Another application, on another origin. */
let elsewhere: Server;
let elsewhereUrl: string;
/** The output of quickstart. */
let printed: { pat: string; link: string; identityId: string; docs: string; curl: string };

beforeAll(async () => {
  chromium = await startChromium();
  place = await workplace();
  const port = await freePort();
  elsewhereUrl = `http://127.0.0.1:${port}/account`;
  elsewhere = createServer((_request, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end('<link rel="icon" href="data:,"><h1>The other application</h1>');
  }).listen(port, '127.0.0.1');
  server = launch({ ...place, files: [resolve('config/kratos.yml')] }, { command: ['quickstart'], env: overrides() });
  await server.untilPrinted('Ctrl-C stops everything.');
  printed = read(server.stdout);
});
afterAll(async () => {
  await server?.end();
  elsewhere?.close();
  await chromium?.close();
  await place?.clear();
});
beforeEach(async () => void (person = await Person.open(chromium)));
afterEach(() => person.close());

/** The shipped configuration with its own ports. */
function overrides(): Record<string, string> {
  return {
    SERVE_PUBLIC_PORT: String(place.ports.public),
    SERVE_PUBLIC_BASE_URL: `${place.publicUrl}${PREFIX}`,
    SERVE_PUBLIC_CORS_ALLOWED_ORIGINS: JSON.stringify([place.adminUrl]),
    SERVE_ADMIN_PORT: String(place.ports.admin),
    SERVE_ADMIN_BASE_URL: place.adminUrl,
    SELFSERVICE_ALLOWED_RETURN_URLS: JSON.stringify([elsewhereUrl]),
    REGAIN_EMBEDDED_DATA_DIR: place.data,
  };
}

function read(text: string): typeof printed {
  const found = (pattern: RegExp): string => {
    const match = pattern.exec(text)?.[1];
    if (match === undefined) throw new Error(`quickstart did not print ${pattern}: ${text}`);
    return match;
  };
  return {
    pat: found(/(ory_pat_\w+)/),
    link: found(/^ {2}(http\S+token=\S+)$/m),
    identityId: found(/"identity_id":"([^"]+)"/),
    docs: found(/Swagger UI.*?: (http\S+)/),
    curl: found(/curl -X POST (http\S+)/),
  };
}

/** Same as the printed curl command. */
async function newLink(query = ''): Promise<string> {
  const answer = await fetch(`${printed.curl}${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${printed.pat}`, 'content-type': 'application/json' },
    body: JSON.stringify({ identity_id: printed.identityId, expires_in: '12h' }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { recovery_link: string }).recovery_link;
}

const tokenOf = (link: string): string => new URL(link).searchParams.get('token')!;
const atPage = (name: string): RegExp => new RegExp(`${PREFIX}/ui/${name}`);

/** No policy violation, no foreign request, and no request that reveals where the token is. */
function expectQuiet(token: string, allowed: readonly string[] = [place.publicUrl]): void {
  expect(person.complaints).toEqual([]);
  const foreign = person.requests.filter(({ url }) => !allowed.includes(new URL(url).origin));
  expect(foreign.map(({ url }) => url)).toEqual([]);
  expect(person.requests.filter(({ referer }) => referer.includes(token))).toEqual([]);
  expect(person.requests.length).toBeGreaterThan(3);
}

describe('a person with a recovery link', () => {
  test('opens the link, sets a password, signs out, and signs in with it', async () => {
    const { page } = person;
    const token = tokenOf(printed.link);
    await page.goto(printed.link);
    expect(page.url()).toMatch(atPage('confirm'));
    await person.picture('confirm');

    await person.press('Continue');
    expect(page.url()).toMatch(atPage('settings'));
    expect(page.url()).not.toContain(token);
    expect((await page.innerText('main')).replaceAll(/\s+/g, ' ')).toContain('You’re back in your account');
    await person.picture('settings');

    await person.sendPassword(PASSWORD);
    expect(await page.innerText('h1')).toBe('All set');
    const holding = (await person.history()).filter((url) => url.includes(token));
    expect(holding).toEqual([expect.stringMatching(atPage('confirm'))]); // used up; see the next test

    await page.goto(`${place.publicUrl}${PREFIX}/ui/welcome`);
    expect(await page.innerText('h1')).toBe('Hello, Ada');
    await person.picture('welcome');
    await person.follow('Sign out');
    expect(await page.innerText('h1')).toBe('You’re signed out');

    await person.follow('Sign in');
    expect(page.url()).toMatch(atPage('login'));
    await page.locator('[name=identifier]').fill('ada@example.com');
    await person.sendPassword(PASSWORD);
    expect(await page.innerText('h1')).toBe('Hello, Ada');
    expectQuiet(token);
  });

  test('finds that the URL in their history no longer works', async () => {
    const { page } = person;
    const link = await newLink();
    await page.goto(link);
    await person.press('Continue');
    expect(page.url()).toMatch(atPage('settings'));
    const kept = (await person.history()).find((url) => url.includes(tokenOf(link)));
    const stranger = await Person.open(chromium);
    await stranger.page.goto(kept!);
    await stranger.press('Continue');
    expect(stranger.page.url()).toMatch(atPage('recovery'));
    expect(await stranger.page.innerText('main')).toMatch(/used|does not work|no longer works/i);
    await stranger.close();
    expectQuiet(tokenOf(link));
  });

  test('returns to an application on another origin, through the policy on forms', async () => {
    const { page } = person;
    const link = await newLink(`?return_to=${encodeURIComponent(elsewhereUrl)}`);
    await page.goto(link);
    await person.press('Continue');
    expect(page.url()).toMatch(atPage('settings'));
    await person.sendPassword(`${PASSWORD} again`);
    expect(page.url()).toBe(elsewhereUrl);
    expect(await page.innerText('h1')).toBe('The other application');
    expectQuiet(tokenOf(link), [place.publicUrl, new URL(elsewhereUrl).origin]);
  });
});

describe('an administrator at Swagger UI', () => {
  const OPERATION = '#operations-recovery-createRecoveryLinkForIdentity';

  test('authorizes with the token and creates a link, without the internet', async () => {
    const { page } = person;
    await page.goto(printed.docs);
    await page.locator('button.authorize').first().click();
    await page.locator('.auth-container', { hasText: 'bearer' }).locator('input').fill(printed.pat);
    await page.locator('.auth-container', { hasText: 'bearer' }).locator('button[type=submit]').click();
    await page.locator('button.btn-done').first().click();

    const operation = page.locator(OPERATION);
    await operation.locator('.opblock-summary-control').click();
    await person.picture('docs');
    const body = JSON.stringify({ identity_id: printed.identityId, expires_in: '12h' });
    await operation.locator('textarea.body-param__text').fill(body);
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table .response').first();
    expect(await answer.locator('.response-col_status').innerText()).toMatch(/^200/);
    expect(await answer.innerText()).toContain('recovery_link');
    expectQuiet(printed.pat, [place.adminUrl]);
  });

  test('calls a public operation from the same page', async () => {
    const { page } = person;
    await page.goto(printed.docs);
    const operation = page.locator('#operations-recovery-createNativeRecoveryFlow');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table .response').first();
    expect(await answer.locator('.response-col_status').innerText()).toMatch(/^200/);
    expectQuiet(printed.pat, [place.adminUrl, place.publicUrl]);
  });
});
