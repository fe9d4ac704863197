import { randomBytes } from 'node:crypto';
import { Refusals } from '../../src/audit/refusals.js';
import type { TestApp } from './app.js';
import { Browser, type Page } from './browser.js';
import { newPerson } from './people.js';
import type { ActedProvider } from './social-provider.js';

/** The part of kratos.yml with the providers; `disallow_private_ip_ranges` as in the shipped file. */
export const socialConfig = (...providers: object[]): object => ({
  selfservice: { methods: { oidc: { enabled: true, config: { providers } } } },
  clients: { http: { disallow_private_ip_ranges: true } },
});

export const acmeAt = ({ url }: ActedProvider, more: object = {}): object => ({
  id: 'acme',
  label: 'Acme',
  provider: 'generic',
  client_id: 'the-client',
  client_secret: 'the-client-secret',
  issuer_url: url,
  scope: ['email'],
  ...more,
});

export interface Flow {
  id: string;
  state: string;
  active?: string;
  ui: {
    action: string;
    messages?: { id: number; text: string }[];
    nodes: { group: string; attributes: { name: string; value?: string } }[];
  };
}

export const isErrorPage = (page: Page): boolean => page.status === 303 && /\/ui\/error\?id=/.test(page.location);

/** The log's entries about unusable answers of providers. */
export function troublesOf({ log }: TestApp): { trouble: string; code: string; check?: string }[] {
  const lines = log.map((line) => JSON.parse(line) as Record<string, string>);
  return lines
    .filter(({ msg }) => msg === 'social sign-in failed')
    .map(({ trouble = '', code = '', check }) => ({ trouble, code, ...(check === undefined ? {} : { check }) }));
}

interface AuditedRefusal {
  target_id: string | null;
  reason: string;
  detail: object | null;
}

/** An action's refusals in the audit trail, oldest first. Later refusals get rows of their own. */
export async function refusalsOf(app: TestApp, action: string): Promise<AuditedRefusal[]> {
  await app.get(Refusals).flush();
  return app.sql(
    `SELECT target_id, reason, detail FROM audit_event WHERE action = $1 AND outcome = 'refused' ORDER BY id`,
    [action],
  );
}

export const newSubject = (): string => `sub-${randomBytes(8).toString('hex')}`;
export const textsOf = (flow: Flow): string[] => (flow.ui.messages ?? []).map(({ text }) => text);
export const buttonsOf = (flow: Flow): string[] =>
  flow.ui.nodes.filter(({ group }) => group === 'oidc').map(({ attributes: { name, value } }) => `${name} ${value}`);
const csrfOf = (flow: Flow): string =>
  flow.ui.nodes.find(({ attributes }) => attributes.name === 'csrf_token')?.attributes.value ?? '';

/** People who recover by a link, connect an account, and sign in with it. */
export function socialPeople(app: TestApp, provider: ActedProvider) {
  const json = { accept: 'application/json' };

  async function flowOf(browser: Browser, kind: 'login' | 'settings', id: string): Promise<Flow> {
    return JSON.parse((await browser.get(`${app.publicUrl}/self-service/${kind}/flows?id=${id}`, json)).text) as Flow;
  }

  /** A person who has just opened a recovery link, with the settings form. */
  async function recovered(person?: { id: string; email?: string }) {
    const who = { email: '', ...(person ?? (await newPerson(app))) };
    const { body } = await app.admin().post('/admin/recovery/link').send({ identity_id: who.id }).expect(200);
    const browser = new Browser();
    const confirm = await browser.get((await browser.get((body as { recovery_link: string }).recovery_link)).location);
    const settings = await browser.submit(confirm);
    const id = new URL(settings.location).searchParams.get('flow') ?? '';
    return { ...who, browser, flow: await flowOf(browser, 'settings', id) };
  }

  const submit = (browser: Browser, flow: Flow, fields: Record<string, string>): Promise<Page> =>
    browser.post(flow.ui.action, { csrf_token: csrfOf(flow), ...fields });

  /** Goes to the provider and back, up to the URL of the callback. */
  async function away(page: Page, sub: string): Promise<URL> {
    provider.next({ sub });
    return provider.authorize(page.location);
  }

  /** A person with a connected account. */
  async function connected(sub = newSubject(), providerId = 'acme') {
    const person = await recovered();
    const back = await away(await submit(person.browser, person.flow, { link: providerId }), sub);
    const page = await person.browser.get(back);
    return { ...person, sub, page };
  }

  async function login(query = '', browser = new Browser()) {
    const started = await browser.get(`${app.publicUrl}/self-service/login/browser${query}`, json);
    return { browser, flow: JSON.parse(started.text) as Flow };
  }

  /** Signs in with the account; resolves to the callback's answer. */
  async function signIn(sub: string, given?: Awaited<ReturnType<typeof login>>, providerId = 'acme') {
    const { browser, flow } = given ?? (await login());
    const page = await browser.get(await away(await submit(browser, flow, { provider: providerId }), sub));
    return { browser, flow, page };
  }

  /** Starts to sign in; resolves to the URL with which the provider sends the person back. */
  async function begun(sub: string, providerId = 'acme') {
    const { browser, flow } = await login();
    return { browser, flow, back: await away(await submit(browser, flow, { provider: providerId }), sub) };
  }

  async function whoami(browser: Browser): Promise<string | undefined> {
    const page = await browser.get(`${app.publicUrl}/sessions/whoami`, json);
    return (JSON.parse(page.text) as { identity?: { id: string } }).identity?.id;
  }

  const eventsOf = (identityId: string): Promise<{ action: string; detail: object | null }[]> =>
    app.sql('SELECT action, detail FROM audit_event WHERE target_id = $1 ORDER BY id', [identityId]);

  const connectionsOf = (identityId: string): Promise<{ value: string }[]> =>
    app.sql(`SELECT value FROM credential_identifier WHERE identity_id = $1 AND type = 'oidc' ORDER BY value`, [
      identityId,
    ]);

  return { recovered, submit, away, connected, login, signIn, begun, whoami, flowOf, eventsOf, connectionsOf };
}
