/** What an attacker can do with other people's callbacks and attempts. Each test names the check that stops it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { acmeAt, isErrorPage, newSubject, socialConfig, socialPeople, textsOf } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let evil: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;

beforeAll(async () => {
  [provider, evil] = await Promise.all([ActedProvider.start(), ActedProvider.start()]);
  app = await startTestApp({
    config: socialConfig(acmeAt(provider), acmeAt(evil, { id: 'evil', label: 'Evil' })),
  });
  people = socialPeople(app, provider);
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([provider?.stop(), evil?.stop()]);
});
beforeEach(() => {
  provider.misbehaviour = {};
  provider.exchanges.length = 0;
});

async function sessions(identityId: string): Promise<number> {
  return (await app.sql('SELECT 1 FROM session WHERE identity_id = $1 AND origin = $2', [identityId, 'login'])).length;
}

describe('the callback belongs to one browser', () => {
  test.each([
    ['without any cookie', async () => new Browser()],
    [
      'with its own attempt',
      async () => {
        const other = await people.begun(newSubject());
        return other.browser;
      },
    ],
  ])('another browser, %s, gets nothing and uses nothing up', async (_, thief) => {
    const anna = await people.connected();
    const { browser, back } = await people.begun(anna.sub);
    const stolen = await thief();
    expect(isErrorPage(await stolen.get(back))).toBe(true);
    expect(await people.whoami(stolen)).toBeUndefined();
    expect(provider.exchanges.length).toBe(1); // the one for connecting
    await browser.get(back);
    expect(await people.whoami(browser)).toBe(anna.id);
  });

  /** Login CSRF: the victim would continue in the attacker's account without noticing. */
  test('another person’s callback URL does not sign a victim in', async () => {
    const attacker = await people.connected();
    const { back } = await people.begun(attacker.sub);
    const { browser: victim } = await people.begun(newSubject());
    expect(isErrorPage(await victim.get(back))).toBe(true);
    expect(await people.whoami(victim)).toBeUndefined();
    expect(await sessions(attacker.id)).toBe(0);
  });

  /** The attacker's account would become a way into the victim's identity. */
  test('a victim does not connect the attacker’s account', async () => {
    const [attacker, victim] = [await people.recovered(), await people.recovered()];
    const back = await people.away(
      await people.submit(attacker.browser, attacker.flow, { link: 'acme' }),
      newSubject(),
    );
    await people.submit(victim.browser, victim.flow, { link: 'acme' });
    expect(isErrorPage(await victim.browser.get(back))).toBe(true);
    expect(await people.connectionsOf(victim.id)).toEqual([]);
  });

  test('a form cannot start an attempt without its CSRF token', async () => {
    const { browser, flow } = await people.login();
    const page = await browser.post(flow.ui.action, { provider: 'acme' });
    expect(isErrorPage(page)).toBe(true);
    expect(browser.cookies.has('ory_kratos_continuity')).toBe(false);
  });
});

describe('the callback works once', () => {
  test('a replay gets nothing', async () => {
    const anna = await people.connected();
    const { browser, back } = await people.begun(anna.sub);
    await browser.get(back);
    expect(isErrorPage(await browser.get(back))).toBe(true);
    expect(await sessions(anna.id)).toBe(1);
  });

  test('of 16 concurrent requests, one gets a session and one code is tried', async () => {
    const anna = await people.connected();
    const { browser, back } = await people.begun(anna.sub);
    provider.exchanges.length = 0;
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = await Promise.all(
      Array.from({ length: 16 }, () => fetch(back, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })),
    );
    const withSession = all.filter((answer) =>
      answer.headers.getSetCookie().some((line) => line.startsWith('ory_kratos_session=ory_st_')),
    );
    expect(withSession.length).toBe(1);
    expect(await sessions(anna.id)).toBe(1);
    expect(provider.exchanges.length).toBe(1);
  });

  test('it expires', async () => {
    const anna = await people.connected();
    const { browser, back } = await people.begun(anna.sub);
    await app.sql(`UPDATE social_sign_in_state SET expires_at = clock_timestamp() - interval '1 second'`);
    expect(isErrorPage(await browser.get(back))).toBe(true);
    expect(await sessions(anna.id)).toBe(0);
  });

  test.each([
    ['no state', (back: URL) => back.searchParams.delete('state')],
    ['an unknown state', (back: URL) => back.searchParams.set('state', 'a'.repeat(32))],
    ['two states', (back: URL) => back.searchParams.append('state', 'x')],
  ])('%s is refused', async (_, change) => {
    const { browser, back } = await people.begun(newSubject());
    change(back);
    expect(isErrorPage(await browser.get(back))).toBe(true);
    expect(provider.exchanges).toEqual([]);
  });

  test('a request that no person made does not use it up', async () => {
    const anna = await people.connected();
    const { browser, back } = await people.begun(anna.sub);
    await browser.get(back, { 'sec-purpose': 'prefetch;prerender' });
    expect(await people.whoami(browser)).toBeUndefined();
    await browser.get(back);
    expect(await people.whoami(browser)).toBe(anna.id);
  });
});

describe('an attempt belongs to one form, and to the session that started it', () => {
  test('a sign-in code does not work for connecting', async () => {
    const [anna, sub] = [await people.recovered(), newSubject()];
    const connecting = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
    connecting.searchParams.set('code', (await people.begun(sub)).back.searchParams.get('code') ?? '');
    await anna.browser.get(connecting);
    expect(await people.connectionsOf(anna.id)).toEqual([]);
  });

  test('a signed-in person stays signed in when another person’s sign-in arrives', async () => {
    const [anna, ben] = [await people.connected(), await people.connected()];
    const browser = new Browser();
    const first = await people.login('', browser);
    const benBack = await people.away(await people.submit(browser, first.flow, { provider: 'acme' }), ben.sub);
    await people.signIn(anna.sub, await people.login('', browser));
    expect(await people.whoami(browser)).toBe(anna.id);
    await browser.get(benBack);
    expect(await people.whoami(browser)).toBe(anna.id);
    expect(await sessions(ben.id)).toBe(0);
  });

  test('only the same person can confirm', async () => {
    const [anna, ben] = [await people.connected(), await people.connected()];
    const { flow } = await people.login('?refresh=true', anna.browser);
    const page = await people.submit(anna.browser, flow, { provider: 'acme' });
    await anna.browser.get(await people.away(page, ben.sub));
    expect(await people.whoami(anna.browser)).toBe(anna.id);
    expect(textsOf(await people.flowOf(anna.browser, 'login', flow.id))[0]).toMatch(
      /^This Acme account is not connected here/,
    );
    expect(await sessions(ben.id)).toBe(0);
  });

  /** Anna's tab is at the provider while Ben recovers his account in the same browser. */
  test('another person’s session connects nothing', async () => {
    const anna = await people.recovered();
    const back = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
    const ben = await people.recovered();
    for (const [name, value] of ben.browser.cookies)
      if (name === 'ory_kratos_session') anna.browser.cookies.set(name, value);
    const page = await anna.browser.get(back);
    expect(isErrorPage(page)).toBe(true);
    expect(await people.connectionsOf(anna.id)).toEqual([]);
    expect(await people.connectionsOf(ben.id)).toEqual([]);
  });

  test('once the session has ended, nothing is connected', async () => {
    const anna = await people.recovered();
    const back = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
    await app.sql('UPDATE session SET active = false WHERE identity_id = $1', [anna.id]);
    const page = await anna.browser.get(back);
    expect(page.location).toBe(`${app.publicUrl}/ui/login`);
    expect(await people.connectionsOf(anna.id)).toEqual([]);
  });

  test('another session of the same person has to start again', async () => {
    const anna = await people.recovered();
    const back = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
    const again = await people.recovered(anna);
    for (const [name, value] of again.browser.cookies)
      if (name === 'ory_kratos_session') anna.browser.cookies.set(name, value);
    await anna.browser.get(back);
    expect(await people.connectionsOf(anna.id)).toEqual([]);
    const flow = await people.flowOf(anna.browser, 'settings', anna.flow.id);
    expect(textsOf(flow).at(-1)).toMatch(/^You have signed in again since/);
  });

  test('once the privileged time is over, the person has to sign in again', async () => {
    const anna = await people.recovered();
    const back = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
    await app.sql(
      `UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`,
      [anna.id],
    );
    const page = await anna.browser.get(back);
    expect(page.location).toMatch(/\/self-service\/login\/browser\?refresh=true/);
    expect(await people.connectionsOf(anna.id)).toEqual([]);
  });

  test('without privilege nobody is redirected to a provider, and no account is disconnected', async () => {
    const anna = await people.connected();
    await app.sql(
      `UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`,
      [anna.id],
    );
    for (const fields of [{ link: 'evil' }, { unlink: 'acme' }] as Record<string, string>[]) {
      const page = await people.submit(anna.browser, anna.flow, fields);
      expect(page.location).toMatch(/\/self-service\/login\/browser\?refresh=true/);
    }
    expect(await people.connectionsOf(anna.id)).toEqual([{ value: `acme:${anna.sub}` }]);
  });
});

test('neither the state nor anything derived from it is in the database', async () => {
  const { back } = await people.begun(newSubject());
  const nonce = new URL(provider.authorizations.at(-1) ?? '').searchParams.get('nonce') ?? '';
  const rows = await app.sql<{ row: string }>('SELECT s::text AS row FROM social_sign_in_state s');
  for (const secret of [back.searchParams.get('state') ?? '', nonce])
    expect(rows.filter(({ row }) => row.includes(secret))).toEqual([]);
});

test('refused callbacks are audited', async () => {
  const { back } = await people.begun(newSubject(), 'evil');
  await new Browser().get(back);
  const refused = `SELECT outcome, target_id FROM audit_event WHERE action = 'social.callback' AND detail = $1`;
  await expect.poll(() => app.sql(refused, [{ provider: 'evil' }])).toEqual([{ outcome: 'refused', target_id: null }]);
});
