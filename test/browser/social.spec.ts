import { createServer } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Person, startChromium } from '../support/chromium.js';
import { type RealProvider, startOidcProvider } from '../support/oidc-provider.js';
import { newPerson } from '../support/people.js';
import { socialConfig } from '../support/social-people.js';

vi.setConfig({ testTimeout: 120_000 });

let chromium: Browser;
let provider: RealProvider;
let app: TestApp;
let person: Person;

beforeAll(async () => {
  chromium = await startChromium();
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const redirectUri = `${publicUrl}/self-service/methods/oidc/callback/acme`;
  const client = { clientId: 'regain', clientSecret: 'a-secret-of-the-tests' };
  provider = await startOidcProvider(() => ({ ...client, redirectUri }));
  const acme = { id: 'acme', label: 'Acme', provider: 'generic', issuer_url: provider.url, scope: ['email'] };
  const secrets = { client_id: client.clientId, client_secret: client.clientSecret };
  const social = socialConfig({ ...acme, ...secrets });
  app = await startTestApp({ config: { ...social, serve: { public: { port, base_url: publicUrl } } } });
});
afterAll(async () => {
  await app?.stop();
  await provider?.stop();
  await chromium?.close();
});
beforeEach(async () => void (person = await Person.open(chromium)));
afterEach(() => person.close());

/** On the provider's own pages: the name, then the consent. */
async function signInThere(login: string): Promise<void> {
  const { page } = person;
  await page.waitForURL((url) => url.origin === provider.url);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', 'whatever');
  await page.click('button[type=submit]');
  await page.click('button:has-text("Continue")');
}

/** The provider's page requests a font from the internet, which is unavailable; our own pages log no error. */
const policyComplaints = (): string[] =>
  person.complaints.filter((text) => /Content Security Policy|form-action/.test(text));

test('a recovery link, an account connected, signed out, signed in with the account', async () => {
  const { id } = await newPerson(app);
  const { page } = person;
  const { body } = await app.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
  await page.goto((body as { recovery_link: string }).recovery_link);
  await person.press('Continue');
  await expect.poll(() => page.url()).toContain('/ui/settings');
  await person.picture('settings-social');

  await person.press('Connect Acme');
  await signInThere('anna-at-acme');
  await expect.poll(() => page.url()).toContain('/ui/settings');
  expect(await page.innerText('h1')).toBe('All set');
  expect(new URL(page.url()).searchParams.has('code')).toBe(false);

  await person.follow('Sign out');
  await page.goto(`${app.publicUrl}/self-service/login/browser`);
  await person.picture('login-social');
  await person.press('Sign in with Acme'); // the provider remembers the person and redirects at once
  await expect.poll(() => page.url()).toContain('/ui/welcome');
  const [session] = await app.sql<{ identity_id: string; provider: string }>(
    `SELECT identity_id, methods->0->>'provider' AS provider FROM session WHERE origin = 'login' AND active`,
  );
  expect(session).toEqual({ identity_id: id, provider: 'acme' });
  expect(await page.innerText('main')).toContain('Sign out');
  expect(policyComplaints()).toEqual([]);
});

test('a person who refuses at the provider returns to a form that says so', async () => {
  const { id } = await newPerson(app);
  const { page } = person;
  const { body } = await app.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
  await page.goto((body as { recovery_link: string }).recovery_link);
  await person.press('Continue');
  await person.press('Connect Acme');
  await page.waitForURL((url) => url.origin === provider.url);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect.poll(() => page.url()).toContain('/ui/settings');
  expect(await page.innerText('main')).toContain('The sign-in was cancelled there. Nothing has changed here.');
  await person.picture('settings-social-refused');
  expect(policyComplaints()).toEqual([]);
});

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
