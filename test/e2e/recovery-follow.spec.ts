import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Page } from '../support/browser.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';

/**
 * The safe defaults where they differ from the recorded answers: a link is redeemed by a confirmation, never by opening
 * it.
 */
let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
afterAll(() => app.stop());

const state = async (identityId: string): Promise<string[]> =>
  ((await app.admin().get(`/admin/recovery/grants?identity_id=${identityId}`)).body as { state: string }[]).map(
    (grant) => grant.state,
  );
const sessions = (identityId: string) =>
  app.sql<{ active: boolean }>('SELECT active FROM session WHERE identity_id = $1', [identityId]);

/** Opens a link and stops at the button. */
async function confirmPage(browser: Browser, link: URL): Promise<Page> {
  const opened = await browser.get(link);
  expect(opened.status).toBe(303);
  return browser.get(opened.location);
}

describe('opening a link', () => {
  test('changes nothing, and leads to a page that asks', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const page = await confirmPage(new Browser(), link);
    expect(page.status).toBe(200);
    expect(await state(id)).toEqual(['active']);
    expect(await sessions(id)).toEqual([]);
    expect(page.headers.get('cache-control')).toContain('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('x-robots-tag')).toContain('noindex');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  test('looks the same for an unknown link', async () => {
    const { id } = await newPerson(app);
    const good = await newLink(app, id);
    const bad = new URL(good);
    bad.searchParams.set('token', 'abcdefghijklmnopqrstuvwxyz012345');
    const pages = await Promise.all([good, bad].map((link) => confirmPage(new Browser(), link)));
    const [one, two] = pages.map((page) => page.text.replaceAll(/value="[^"]*"/g, 'value=""'));
    expect(one).toBe(two);
  });

  test.each([
    ['HEAD', 'HEAD', {}],
    ['a prefetch', 'GET', { 'sec-purpose': 'prefetch;prerender' }],
    ['an old prefetch', 'GET', { purpose: 'prefetch' }],
    ['an older prefetch', 'GET', { 'x-moz': 'prefetch' }],
    ['a range', 'GET', { range: 'bytes=0-10' }],
    ['a scanner', 'GET', { 'user-agent': 'Go-http-client/1.1', accept: '*/*' }],
  ])('by %s leaves it for the person', async (_name, method, headers) => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    for (let i = 0; i < 3; i++)
      await fetch(link, { method, headers: headers as Record<string, string>, redirect: 'follow' });
    expect(await state(id)).toEqual(['active']);
    const browser = new Browser();
    const confirmed = await browser.submit(await confirmPage(browser, link));
    expect(confirmed.location).toContain('/ui/settings?flow=');
  });

  test('as JSON says that a browser is needed, and where to go', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const answer = await app
      .publicAgent()
      .get(link.pathname + link.search)
      .set('accept', 'application/json')
      .expect(422);
    expect(answer.body.error.id).toBe('browser_location_change_required');
    expect(answer.body.redirect_browser_to).toContain(`${app.publicUrl}/ui/confirm?flow=`);
  });

  test('with a malformed flow is refused at once', async () => {
    const answer = await app
      .publicAgent()
      .get('/self-service/recovery?flow=zzz&token=abc')
      .set('accept', 'application/json')
      .expect(400);
    expect(answer.body.error.reason).toBe('The flow query parameter is missing or malformed.');
  });
});

describe('confirming', () => {
  test('opens one privileged session and the settings form', async () => {
    const { id } = await newPerson(app);
    const browser = new Browser();
    const confirmed = await browser.submit(await confirmPage(browser, await newLink(app, id)));
    expect(confirmed.status).toBe(303);
    const settings = await browser.get(confirmed.location);
    expect(settings.status).toBe(200);
    expect(await state(id)).toEqual(['used']);
    const [session] = await app.sql<Record<string, unknown>>(
      'SELECT origin, aal, active, methods FROM session WHERE identity_id = $1',
      [id],
    );
    expect(session).toMatchObject({
      origin: 'recovery',
      aal: 'aal1',
      active: true,
      methods: [{ method: 'link_recovery', aal: 'aal1' }],
    });
  });

  test.each([
    ['without the cookie', async (page: Page) => new Browser().submit(page)],
    ['without the proof', async (page: Page, browser: Browser) => browser.submit(page, { proof: '' })],
    [
      'with another browser’s proof',
      async (page: Page, browser: Browser) => browser.submit(page, { proof: 'A'.repeat(43) }),
    ],
    [
      'from another site',
      async (page: Page, browser: Browser) => browser.submit(page, {}, { 'sec-fetch-site': 'cross-site' }),
    ],
    [
      'from a sibling host',
      async (page: Page, browser: Browser) => browser.submit(page, {}, { 'sec-fetch-site': 'same-site' }),
    ],
  ])('%s goes back to the page and redeems nothing', async (_name, send) => {
    const { id } = await newPerson(app);
    const browser = new Browser();
    const answer = await send(await confirmPage(browser, await newLink(app, id)), browser);
    expect(answer.location).toContain('/ui/confirm?');
    expect(await state(id)).toEqual(['active']);
  });

  test('with a proof for another link redeems neither', async () => {
    const [alice, bob] = [await newPerson(app), await newPerson(app)];
    const browser = new Browser();
    const own = await confirmPage(browser, await newLink(app, alice.id));
    const other = await newLink(app, bob.id);
    const answer = await browser.submit(own, {
      flow: other.searchParams.get('flow')!,
      token: other.searchParams.get('token')!,
    });
    expect(answer.location).toContain('/ui/confirm?');
    expect([await state(alice.id), await state(bob.id)]).toEqual([['active'], ['active']]);
  });

  test('a second time from elsewhere gets the same answer as a wrong token, to the byte', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const first = new Browser();
    await first.submit(await confirmPage(first, link));
    const used = new Browser();
    const wrong = new Browser();
    const bad = new URL(link);
    bad.searchParams.set('token', 'abcdefghijklmnopqrstuvwxyz012345');
    const answers = [
      await used.submit(await confirmPage(used, link)),
      await wrong.submit(await confirmPage(wrong, bad)),
    ];
    const bodies = await Promise.all(
      [used, wrong].map(async (browser, i) => {
        const flow = new URL(answers[i]!.location).searchParams.get('flow');
        const page = await browser.get(`${app.publicUrl}/self-service/recovery/flows?id=${flow}`, {
          accept: 'application/json',
        });
        const { ui, state: flowState } = JSON.parse(page.text) as { ui: { messages: unknown }; state: string };
        return { status: answers[i]!.status, messages: ui.messages, flowState };
      }),
    );
    expect(bodies[0]).toEqual(bodies[1]);
    expect(bodies[0]!.messages).toMatchObject([{ id: 4060004 }]);
    expect(await sessions(id)).toHaveLength(1);
  });

  test.each([
    [
      'expired',
      async (id: string) =>
        app.sql('UPDATE recovery_grant SET expires_at = clock_timestamp() WHERE identity_id = $1', [id]),
    ],
    [
      'withdrawn',
      async (id: string) =>
        app.sql('UPDATE recovery_grant SET revoked_at = clock_timestamp() WHERE identity_id = $1', [id]),
    ],
    [
      'of an inactive identity',
      async (id: string) => app.sql(`UPDATE identity SET state = 'inactive' WHERE id = $1`, [id]),
    ],
    ['of a deleted identity', async (id: string) => app.sql('DELETE FROM identity WHERE id = $1', [id])],
    [
      'of an identity with a second factor',
      async (id: string) => app.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [id]),
    ],
  ])('a link that is %s opens no session', async (_name, spoil) => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    await spoil(id);
    const browser = new Browser();
    const answer = await browser.submit(await confirmPage(browser, link));
    expect(answer.location).toContain('/ui/recovery?flow=');
    expect(await sessions(id)).toEqual([]);
    const page = await browser.get(answer.location);
    expect(page.text).not.toMatch(/inactive|deleted|second factor/i);
  });

  test('twice leaves one live session, and the last answer is the valid one', async () => {
    const { id } = await newPerson(app);
    const browser = new Browser();
    const page = await confirmPage(browser, await newLink(app, id));
    await browser.submit(page);
    const again = await browser.submit(page);
    expect(again.location).toContain('/ui/settings?flow=');
    expect((await browser.get(again.location)).status).toBe(200);
    expect((await sessions(id)).filter((session) => session.active)).toHaveLength(1);
  });

  test('again after signing out opens nothing', async () => {
    const { id } = await newPerson(app);
    const browser = new Browser();
    const page = await confirmPage(browser, await newLink(app, id));
    await browser.submit(page);
    await app.sql('UPDATE session SET active = false WHERE identity_id = $1', [id]);
    expect((await browser.submit(page)).location).toContain('/ui/recovery?flow=');
  });

  test('again after a minute opens nothing', async () => {
    const { id } = await newPerson(app);
    const browser = new Browser();
    const page = await confirmPage(browser, await newLink(app, id));
    await browser.submit(page);
    await app.sql(`UPDATE recovery_grant SET used_at = used_at - interval '61 seconds' WHERE identity_id = $1`, [id]);
    expect((await browser.submit(page)).location).toContain('/ui/recovery?flow=');
  });

  test('ends the identity’s other links', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    await newLink(app, id);
    const browser = new Browser();
    await browser.submit(await confirmPage(browser, link));
    expect((await state(id)).sort()).toEqual(['revoked', 'used']);
  });

  test('says who is signed in, and ends that session', async () => {
    const alice = await newPerson(app);
    const bob = await newPerson(app);
    const browser = new Browser();
    await browser.submit(await confirmPage(browser, await newLink(app, alice.id)));
    const page = await confirmPage(browser, await newLink(app, bob.id));
    expect(page.text).toContain(alice.email);
    const planted = browser.cookies.get('ory_kratos_session');
    await browser.submit(page);
    expect(browser.cookies.get('ory_kratos_session')).not.toBe(planted);
    expect((await sessions(alice.id)).map((session) => session.active)).toEqual([false]);
    expect((await sessions(bob.id)).map((session) => session.active)).toEqual([true]);
  });

  test('never acts on the identity that a field names', async () => {
    const [mallory, victim] = [await newPerson(app), await newPerson(app)];
    const browser = new Browser();
    const page = await confirmPage(browser, await newLink(app, mallory.id));
    await browser.submit(page, {
      identity_id: victim.id,
      email: victim.email,
      id: victim.id,
      'identity.id': victim.id,
    });
    expect(await sessions(victim.id)).toEqual([]);
    expect(await sessions(mallory.id)).toHaveLength(1);
  });

  test('refuses every truncation and change of the token', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const token = link.searchParams.get('token')!;
    const flipped = token.replace(/[a-zA-Z]/, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
    for (const other of [
      token.slice(1),
      token.slice(0, -1),
      `${token}=`,
      `${token} `,
      ` ${token}`,
      flipped,
      token.repeat(2),
      token.slice(0, 16),
    ]) {
      const changed = new URL(link);
      changed.searchParams.set('token', other);
      const browser = new Browser();
      await browser.submit(await confirmPage(browser, changed));
    }
    expect(await state(id)).toEqual(['active']);
  });

  test('after a failed follow the database contains no live token', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const token = link.searchParams.get('token')!;
    const crossed = new URL(await newLink(app, (await newPerson(app)).id));
    crossed.searchParams.set('token', token);
    const browser = new Browser();
    await browser.submit(await confirmPage(browser, crossed));
    const tables = ['recovery_flow', 'recovery_grant', 'settings_flow', 'flow_error', 'audit_event', 'session'];
    for (const table of tables) {
      const [row] = await app.sql<{ all: string | null }>(`SELECT string_agg(t::text, ' ') AS all FROM ${table} t`);
      expect(row!.all ?? '', table).not.toContain(token);
    }
    expect(app.log.join('\n')).not.toContain(token);
  });
});

describe('return_to', () => {
  test('is kept to the end, and checked again there', async () => {
    const target = `${app.publicUrl}/ui/welcome`;
    const { id } = await newPerson(app);
    const browser = new Browser();
    const link = await newLink(app, id, { query: `?return_to=${encodeURIComponent(target)}` });
    const confirmed = await browser.submit(await confirmPage(browser, link));
    const settings = await browser.get(confirmed.location);
    const saved = await browser.submit(settings, { method: 'password', password: 'a brand new pass phrase 1' });
    expect(saved.location).toBe(target);
  });
});
