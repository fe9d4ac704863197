/** A change that needs a fresh sign-in is applied after it, without being sent twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { csrfOf, NEW_PASSWORD, settingsPeople, type SettingsPeople } from '../support/settings-people.js';
import { field, PASSWORD, person, signInBrowser } from '../support/sign-in.js';

let app: TestApp;
let people: SettingsPeople;
beforeAll(async () => {
  app = await startTestApp({ config: { selfservice: { allowed_return_urls: ['https://app.example.com'] } } });
  people = settingsPeople(app);
});
afterAll(() => app.stop());

const S = '/self-service/settings';
const json = { accept: 'application/json' };
const html = { accept: 'text/html' };
const here = (url: string): string => url.replace(app.publicUrl, '');
const age = (identityId: string) =>
  app.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`, [
    identityId,
  ]);
const keptFor = (identityId: string) =>
  app.sql('SELECT 1 AS one FROM settings_continuation WHERE identity_id = $1', [identityId]);

type Agent = ReturnType<TestApp['publicAgent']>;

/** A person with a password and an outdated sign-in, with an open settings form. */
async function stale(query = '') {
  const anna = await person(app);
  const agent = await signInBrowser(app, anna);
  const flow = (await agent.get(`${S}/browser${query}`).set(json).expect(200)).body;
  await age(anna.id);
  const submit = (fields: object, accept: 'application/json' | 'text/html' = 'text/html') => {
    const post = agent.post(`${S}?flow=${flow.id}`).set({ accept });
    const form = { csrf_token: csrfOf(flow), ...fields };
    return accept === 'text/html' ? post.type('form').send(form) : post.send(form);
  };
  return { ...anna, agent, flow, submit, before: await people.passwordOf(anna.id) };
}

/** Signs in again at the URL from the settings; resolves to where the login leads. */
async function confirm(agent: Agent, email: string, to: string): Promise<string> {
  const login = (await agent.get(here(to)).set(json).expect(200)).body;
  expect(login.refresh).toBe(true);
  const done = await agent
    .post(`/self-service/login?flow=${login.id}`)
    .set(html)
    .type('form')
    .send({ method: 'password', identifier: email, password: PASSWORD, csrf_token: field(login, 'csrf_token') })
    .expect(303);
  return here(done.headers['location']!);
}

describe('a new password', () => {
  test('is set after signing in with the old one', async () => {
    const anna = await stale(`?return_to=${encodeURIComponent('https://app.example.com/done')}`);
    const away = await anna.submit({ method: 'password', password: NEW_PASSWORD }).expect(303);
    expect(await people.passwordOf(anna.id)).toBe(anna.before);
    const back = await confirm(anna.agent, anna.email, away.headers['location']!);
    expect(back).toBe(`${S}?flow=${anna.flow.id}`);
    const done = await anna.agent.get(back).set(html).expect(303);
    expect(done.headers['location']).toBe('https://app.example.com/done');
    expect(await people.passwordOf(anna.id)).not.toBe(anna.before);
    expect(await keptFor(anna.id)).toEqual([]);
    const again = await anna.agent.get(back).set(html).expect(303);
    expect(again.headers['location']).toBe(`${app.publicUrl}/ui/settings?flow=${anna.flow.id}`);
  });

  test('is set for a single page app too', async () => {
    const anna = await stale();
    const away = await anna.submit({ method: 'password', password: NEW_PASSWORD }, 'application/json').expect(403);
    const back = await confirm(anna.agent, anna.email, away.body.redirect_browser_to);
    const done = await anna.agent.get(back).set(json).expect(200);
    expect(done.body).toMatchObject({ state: 'success', ui: { messages: [{ id: 1050001 }] } });
    expect(await people.passwordOf(anna.id)).not.toBe(anna.before);
  });

  test('that the policy refuses is refused then, and the form says why', async () => {
    const anna = await stale();
    const away = await anna.submit({ method: 'password', password: 'short' }).expect(303);
    const done = await anna.agent
      .get(await confirm(anna.agent, anna.email, away.headers['location']!))
      .set(html)
      .expect(303);
    expect(done.headers['location']).toBe(`${app.publicUrl}/ui/settings?flow=${anna.flow.id}`);
    const flow = (await anna.agent.get(`${S}/flows?id=${anna.flow.id}`).set(json).expect(200)).body;
    expect(JSON.stringify(flow.ui)).toContain('4000032');
    expect(await people.passwordOf(anna.id)).toBe(anna.before);
  });

  test('is set on our own pages', async () => {
    const anna = await person(app);
    const browser = new Browser();
    const login = await browser.get((await browser.get(`${app.publicUrl}/self-service/login/browser`)).location);
    await browser.submit(login, { identifier: anna.email, password: PASSWORD, method: 'password' });
    const page = await browser.get((await browser.get(`${app.publicUrl}${S}/browser`)).location);
    await age(anna.id);
    const away = await browser.post(new URL(page.form().action).href, {
      csrf_token: page.form().fields['csrf_token']!,
      method: 'password',
      password: NEW_PASSWORD,
    });
    const again = await browser.get((await browser.get(away.location)).location);
    const back = await browser.submit(again, { password: PASSWORD, method: 'password' });
    const done = await browser.get(back.location);
    expect((await browser.get(done.location)).text).toContain('saved');
  });
});

test('another address is set the same way', async () => {
  const anna = await stale();
  const email = `moved.${anna.email}`;
  const away = await anna.submit({ method: 'profile', 'traits.email': email }).expect(303);
  await anna.agent
    .get(await confirm(anna.agent, anna.email, away.headers['location']!))
    .set(html)
    .expect(303);
  expect((await app.admin().get(`/admin/identities/${anna.id}`)).body.traits.email).toBe(email);
});

describe('nothing is changed', () => {
  const away = async () => {
    const anna = await stale();
    const { headers } = await anna.submit({ method: 'password', password: NEW_PASSWORD }).expect(303);
    return { ...anna, to: headers['location']! };
  };

  test('before the person has signed in again', async () => {
    const anna = await away();
    const early = await anna.agent.get(`${S}?flow=${anna.flow.id}`).set(html).expect(303);
    expect(early.headers['location']).toContain('/ui/settings?flow=');
    expect(await people.passwordOf(anna.id)).toBe(anna.before);
    await anna.agent
      .get(await confirm(anna.agent, anna.email, anna.to))
      .set(html)
      .expect(303);
    expect(await people.passwordOf(anna.id)).not.toBe(anna.before);
  });

  test('by a request that no person made', async () => {
    const anna = await away();
    const back = await confirm(anna.agent, anna.email, anna.to);
    await anna.agent
      .get(back)
      .set({ ...html, 'sec-purpose': 'prefetch' })
      .expect(303);
    expect(await people.passwordOf(anna.id)).toBe(anna.before);
    expect(await keptFor(anna.id)).toHaveLength(1);
  });

  test('in another browser of the same person', async () => {
    const anna = await away();
    await confirm(anna.agent, anna.email, anna.to);
    const other = await signInBrowser(app, anna);
    await other.get(`${S}?flow=${anna.flow.id}`).set(html).expect(303);
    expect(await people.passwordOf(anna.id)).toBe(anna.before);
  });

  test('after the session has ended, or the form has', async () => {
    const anna = await away();
    const back = await confirm(anna.agent, anna.email, anna.to);
    await app.sql(`UPDATE settings_flow SET expires_at = clock_timestamp() WHERE id = $1`, [anna.flow.id]);
    await anna.agent.get(back).set(html).expect(303);
    await app.sql('UPDATE session SET active = false WHERE identity_id = $1', [anna.id]);
    const nobody = await anna.agent.get(back).set(html).expect(302);
    expect(nobody.headers['location']).toBe(`${app.publicUrl}/ui/login`);
    await anna.agent.get(back).set(json).expect(401);
    expect(await people.passwordOf(anna.id)).toBe(anna.before);
  });
});

test('a native client gets the cookie that Kratos’ clients know, and nothing is kept', async () => {
  const anna = await people.native();
  await age(anna.id);
  const answer = await anna.json({ method: 'password', password: NEW_PASSWORD }).expect(403);
  expect(([answer.headers['set-cookie']].flat() as string[]).join()).toContain('ory_kratos_continuity=');
  expect(await keptFor(anna.id)).toEqual([]);
});
