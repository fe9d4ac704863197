import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Configuration, Provider } from 'oidc-provider';
import type { Browser, Page } from './browser.js';

export interface RealProvider {
  /** the issuer */
  readonly url: string;
  stop(): Promise<void>;
}

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** additions to the provider's configuration */
  readonly more?: Configuration;
}

/** node-oidc-provider on loopback, with its own pages for login and consent. It accepts any name and password. */
export async function startOidcProvider(clientOf: (issuer: string) => Client): Promise<RealProvider> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { clientId, clientSecret, redirectUri, more } = clientOf(url);
  const provider = new Provider(url, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: ['of-the-tests-only'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true }),
    }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    ...more,
  });
  server.on('request', (request, response) => void provider.callback()(request, response));
  return {
    url,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Signs in and consents at the provider; resolves to the URL that the browser is sent back to. */
export async function signInThere(browser: Browser, address: string, login: string): Promise<string> {
  let page = await browser.get(address);
  for (let step = 0; step < 12; step++) {
    if (page.status === 303 || page.status === 302) {
      const next = new URL(page.location, page.url);
      if (next.pathname.includes('/self-service/')) return next.href;
      page = await browser.get(next);
      continue;
    }
    page = await submitted(browser, page, login);
  }
  throw new Error(`the provider did not let ${login} in: ${page.status}`);
}

async function submitted(browser: Browser, page: Page, login: string): Promise<Page> {
  const { action, fields } = page.form();
  return browser.post(new URL(action, page.url).href, { ...fields, login, password: 'whatever' });
}
