import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { type RealProvider, signInThere, startOidcProvider } from '../support/oidc-provider.js';
import { type Flow, socialConfig, socialPeople, textsOf } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

/**
 * node-oidc-provider is strict: PKCE if a client uses it, clients authenticate in their registered way, `iss` in its
 * answers.
 */
describe.each([
  ['secret in the header', 'client_secret_basic'],
  ['secret in the body', 'client_secret_post'],
] as const)('a real OpenID provider, %s', (_, method) => {
  let provider: RealProvider;
  let app: TestApp;
  let people: ReturnType<typeof socialPeople>;

  beforeAll(async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const redirectUri = `${publicUrl}/self-service/methods/oidc/callback/acme`;
    const [clientId, clientSecret] = ['regain-client', 'a-secret: with /signs+%'];
    provider = await startOidcProvider(() => ({
      clientId,
      clientSecret,
      redirectUri,
      more: {
        clients: [
          {
            client_id: clientId,
            client_secret: clientSecret,
            redirect_uris: [redirectUri],
            token_endpoint_auth_method: method,
          },
        ],
        pkce: { required: () => true },
      },
    }));
    const acme = { id: 'acme', provider: 'generic', issuer_url: provider.url, scope: ['email'] };
    const social = socialConfig({ ...acme, client_id: clientId, client_secret: clientSecret });
    app = await startTestApp({ config: { ...social, serve: { public: { port, base_url: publicUrl } } } });
    people = socialPeople(app, new ActedProvider());
  });
  afterAll(async () => {
    await app?.stop();
    await provider?.stop();
  });

  test('connects, and signs in', async () => {
    const login = `person-${randomBytes(4).toString('hex')}`;
    const anna = await people.recovered();
    const away = await people.submit(anna.browser, anna.flow, { link: 'acme' });
    const there = new Browser();
    const back = await anna.browser.get(await signInThere(there, away.location, login));
    expect(new URL(back.location).searchParams.get('flow')).toBe(anna.flow.id);
    expect(textsOf(await people.flowOf(anna.browser, 'settings', anna.flow.id))).toEqual([
      'Your changes have been saved!',
    ]);
    expect(await people.connectionsOf(anna.id)).toEqual([{ value: `acme:${login}` }]);

    const { browser, flow } = await people.login();
    const start = await people.submit(browser, flow, { provider: 'acme' });
    await browser.get(await signInThere(there, start.location, login));
    expect(await people.whoami(browser)).toBe(anna.id);
  });

  test('tells the provider who signs in, if the form knows', async () => {
    const { browser, flow }: { browser: Browser; flow: Flow } = await people.login();
    const hinted = { provider: 'acme', 'upstream_parameters.login_hint': 'anna@example.com' };
    const start = await people.submit(browser, flow, { ...hinted, 'upstream_parameters.redirect_uri': 'https://evil' });
    const asked = new URL(start.location).searchParams;
    expect([asked.get('login_hint'), asked.getAll('redirect_uri').length]).toEqual(['anna@example.com', 1]);
  });
});

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
