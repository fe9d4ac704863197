/** What an incident team sees about sign-ins: the method and the provider. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusals } from '../../src/audit/refusals.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { beginNative, credentials, send } from '../support/login-steps.js';
import type { Person } from '../support/people.js';
import { PASSWORD, person, signIn } from '../support/sign-in.js';
import { acmeAt, isErrorPage, newSubject, socialConfig, socialPeople } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

interface Told {
  action: string;
  outcome: string;
  target_id: string | null;
  detail: object | null;
}

let provider: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;
beforeAll(async () => {
  provider = await ActedProvider.start();
  app = await startTestApp({
    config: {
      ...socialConfig(acmeAt(provider), acmeAt(provider, { id: 'other', label: 'Other' })),
      regain: { recovery: { second_factor: 'refuse' } },
    },
  });
  people = socialPeople(app, provider);
});
afterAll(async () => {
  await app?.stop();
  await provider?.stop();
});

/** The events from the admin API, oldest first, with all refusals so far. */
async function told(query: object): Promise<Told[]> {
  await app.get(Refusals).flush();
  const { body } = await app.admin().get('/admin/audit-events').query(query).expect(200);
  return (body as Told[])
    .map(({ action, outcome, target_id, detail }) => ({ action, outcome, target_id, detail }))
    .reverse();
}

const [BY_PASSWORD, BY_ACME] = [{ method: 'password' }, { method: 'oidc', provider: 'acme' }];

describe('who signed in', () => {
  const login = (target_id: string, detail: object) => ({
    action: 'session.login',
    outcome: 'success',
    target_id,
    detail,
  });

  test('with a password', async () => {
    const anna = await person(app);
    await signIn(app, anna);
    expect(await told({ target_id: anna.id, action: 'session.login' })).toEqual([login(anna.id, BY_PASSWORD)]);
  });

  test('through a provider, and which one', async () => {
    const anna = await people.connected(undefined, 'other');
    await people.submit(anna.browser, anna.flow, { unlink: 'other' });
    const sub = newSubject();
    await anna.browser.get(await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), sub));
    await people.signIn(sub);
    await people.signIn(anna.sub, undefined, 'other');
    expect(await told({ target_id: anna.id, action: 'session.login' })).toEqual([
      login(anna.id, BY_ACME),
      login(anna.id, { method: 'oidc', provider: 'other' }),
    ]);
  });
});

test('which provider was connected, and which one was disconnected', async () => {
  const anna = await people.connected();
  const connect = await people.submit(anna.browser, anna.flow, { link: 'other' });
  await anna.browser.get(await people.away(connect, newSubject()));
  await people.submit(anna.browser, anna.flow, { unlink: 'acme' });
  expect(await people.connectionsOf(anna.id)).toHaveLength(1);
  const events = await told({ target_id: anna.id });
  expect(events.flatMap(({ action, detail }) => (/oidc/.test(action) ? [[action, detail]] : []))).toEqual([
    ['credentials.oidc.connected', { provider: 'acme' }],
    ['credentials.oidc.connected', { provider: 'other' }],
    ['credentials.oidc.disconnected', { provider: 'acme' }],
  ]);
});

describe('who was refused', () => {
  const refused = (target_id: string | null, detail: object) => ({
    action: 'session.login',
    outcome: 'refused',
    target_id,
    detail,
  });
  const newest = async () => (await told({ action: 'session.login' })).at(-1);
  const withPassword = async (who: Person, password = PASSWORD) =>
    send(app, await beginNative(app), credentials(who, password)).expect(400);
  const inactive = (id: string) => app.sql(`UPDATE identity SET state = 'inactive' WHERE id = $1`, [id]);
  const guarded = (id: string) => app.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [id]);

  test('with a wrong password: nobody is named', async () => {
    await withPassword(await person(app), 'a wrong one');
    expect(await newest()).toEqual(refused(null, BY_PASSWORD));
  });

  test.each([
    ['whose account is disabled', inactive],
    ['who has a second factor', guarded],
  ])('%s, with the right password or their provider account', async (_, change) => {
    const anna = await person(app);
    await change(anna.id);
    await withPassword(anna);
    expect(await newest()).toEqual(refused(anna.id, BY_PASSWORD));
    const ben = await people.connected();
    await change(ben.id);
    expect(await people.whoami((await people.signIn(ben.sub)).browser)).toBeUndefined();
    expect(await newest()).toEqual(refused(ben.id, BY_ACME));
  });

  test('with an account that nobody has connected: the event names the provider, not the account', async () => {
    const sub = newSubject();
    await people.signIn(sub, undefined, 'other');
    expect(await newest()).toEqual(refused(null, { method: 'oidc', provider: 'other' }));
    expect(await app.sql(`SELECT 1 FROM audit_event e WHERE e::text LIKE $1`, [`%${sub}%`])).toEqual([]);
  });
});

test('a refused callback is recorded with the configured provider and nothing from the request', async () => {
  const at = (id: string) => `${app.publicUrl}/self-service/methods/oidc/callback/${id}`;
  for (const id of ['acme', 'other'])
    expect(isErrorPage(await new Browser().get(`${at(id)}?state=canary-state&code=canary-code`))).toBe(true);
  expect(isErrorPage(await new Browser().get(`${at('canary-provider')}?state=canary-state`))).toBe(true);
  const callback = { action: 'social.callback', outcome: 'refused', target_id: null };
  expect(await told({ action: 'social.callback' })).toEqual([
    { ...callback, detail: { provider: 'acme' } },
    { ...callback, detail: { provider: 'other' } },
  ]);
  expect(await app.sql(`SELECT 1 FROM audit_event e WHERE e::text LIKE '%canary%'`)).toEqual([]);
});
