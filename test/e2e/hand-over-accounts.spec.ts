/** Connected accounts and addresses when an account is handed over. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { PASSWORD } from '../support/sign-in.js';
import { acmeAt, type Flow, newSubject, socialConfig, socialPeople } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;
beforeAll(async () => {
  provider = await ActedProvider.start();
  const social = socialConfig(acmeAt(provider), acmeAt(provider, { id: 'other' }));
  const courier = { smtp: { connection_uri: 'smtp://127.0.0.1:9/' } };
  app = await startTestApp({ config: { ...social, courier } });
  people = socialPeople(app, provider);
}, 60_000);
afterAll(async () => {
  await app?.stop();
  await provider?.stop();
});

const BEING_RECOVERED = 4_019_001;

const password = (browser: Browser, flow: Flow, value = 'a new pass phrase of the owner') =>
  people.submit(browser, flow, { method: 'password', password: value });
const signsIn = async (sub: string, providerId = 'acme'): Promise<string | undefined> => {
  const { browser } = await people.signIn(sub, undefined, providerId);
  return people.whoami(browser);
};
const said = async (sub: string): Promise<number[]> => {
  const { browser, flow } = await people.signIn(sub);
  const shown = await people.flowOf(browser, 'login', flow.id);
  return (shown.ui.messages ?? []).map(({ id }) => id);
};
const suspendedOf = async (id: string): Promise<{ id: string; kind: string; name: string }[]> =>
  (await app.admin().get(`/admin/identities/${id}/suspended`).expect(200)).body;

/** Somebody has connected an account of theirs, and the owner comes back by a link. */
async function taken() {
  const intruder = await people.connected();
  expect(await signsIn(intruder.sub)).toBe(intruder.id);
  return { sub: intruder.sub, owner: await people.recovered(intruder) };
}

test('an account that is connected opens nothing while the account is handed over, and nothing after', async () => {
  const { sub, owner } = await taken();
  expect(await signsIn(sub)).toBeUndefined();
  expect(await said(sub)).toEqual([BEING_RECOVERED]);
  await password(owner.browser, owner.flow);
  expect(await signsIn(sub)).toBeUndefined();
  expect(await said(sub)).not.toContain(BEING_RECOVERED);
  expect(await suspendedOf(owner.id)).toMatchObject([{ kind: 'account', name: 'acme' }]);
});

test('a way to the provider that was begun before the redemption leads nowhere after it', async () => {
  const intruder = await people.connected();
  const begun = await people.begun(intruder.sub);
  const owner = await people.recovered(intruder);
  await begun.browser.get(begun.back);
  expect(await people.whoami(begun.browser)).toBeUndefined();
  expect(await people.whoami(owner.browser)).toBe(owner.id);
});

test('the same account, proven anew, closes the hand-over and takes the password’s place', async () => {
  const sub = newSubject();
  const first = await people.connected(sub);
  await password(first.browser, first.flow, PASSWORD);
  const owner = await people.recovered(first);
  await owner.browser.get(await people.away(await people.submit(owner.browser, owner.flow, { link: 'acme' }), sub));
  expect(await signsIn(sub)).toBe(owner.id);
  const rows = await app.sql(
    `SELECT 1 FROM identity_credential WHERE identity_id = $1 AND type = 'password' AND config->>'hashed_password' IS NOT NULL`,
    [owner.id],
  );
  expect(rows).toEqual([]);
});

test('another account of the provider takes the place of the one that was connected', async () => {
  const { sub, owner } = await taken();
  const own = newSubject();
  await owner.browser.get(await people.away(await people.submit(owner.browser, owner.flow, { link: 'acme' }), own));
  expect(await signsIn(own)).toBe(owner.id);
  expect(await signsIn(sub)).toBeUndefined();
  expect(await people.connectionsOf(owner.id)).toEqual([{ value: `acme:${own}` }]);
});

test('what is suspended is kept by its owner, from then on', async () => {
  const { sub, owner } = await taken();
  await password(owner.browser, owner.flow);
  const [way] = await suspendedOf(owner.id);
  const shown = await people.flowOf(owner.browser, 'settings', owner.flow.id);
  expect(shown.ui.nodes.filter(({ group }) => group === 'still_yours')).toMatchObject([
    { attributes: { name: 'keep', value: way!.id } },
  ]);
  await people.submit(owner.browser, owner.flow, { keep: way!.id });
  expect(await suspendedOf(owner.id)).toEqual([]);
  expect(await signsIn(sub)).toBe(owner.id);
});

test('or by an administrator, who may; nobody keeps what is another’s', async () => {
  const { sub, owner } = await taken();
  await password(owner.browser, owner.flow);
  const [way] = await suspendedOf(owner.id);
  const other = await people.connected();
  await app.admin().delete(`/admin/identities/${other.id}/suspended/${way!.id}`).expect(404);
  await people.submit(other.browser, other.flow, { keep: way!.id });
  expect(await suspendedOf(owner.id)).toHaveLength(1);
  const poor = app.admin(await app.token('identity:read'));
  await poor.delete(`/admin/identities/${owner.id}/suspended/${way!.id}`).expect(403);
  await app.admin().delete(`/admin/identities/${owner.id}/suspended/${way!.id}`).expect(204);
  await app.admin().delete(`/admin/identities/${owner.id}/suspended/${way!.id}`).expect(404);
  expect(await signsIn(sub)).toBe(owner.id);
});

test('an address that came a short while ago gets no secret until it is kept', async () => {
  const { owner } = await taken();
  const late = `late.${owner.id}@example.com`;
  await app.sql(`UPDATE identity SET created_at = created_at - interval '90 days' WHERE id = $1`, [owner.id]);
  await app.sql(
    `UPDATE recovery_address SET value = $2, normalized = $2, updated_at = clock_timestamp() - interval '2 days' WHERE identity_id = $1`,
    [owner.id, late],
  );
  await password(owner.browser, owner.flow);
  expect(await suspendedOf(owner.id)).toContainEqual(expect.objectContaining({ kind: 'address', name: late }));
  const { body } = await app.publicAgent().get('/self-service/recovery/api').expect(200);
  const ask = () =>
    app
      .publicAgent()
      .post(`/self-service/recovery?flow=${body.id}`)
      .set('accept', 'application/json')
      .send({ method: 'link', email: late })
      .expect(200);
  const mails = () =>
    app.sql(`SELECT 1 FROM courier_message WHERE recipient = $1 AND template_type = 'recovery_valid'`, [late]);
  await ask();
  expect(await mails()).toEqual([]);
  const address = (await suspendedOf(owner.id)).find(({ kind }) => kind === 'address')!;
  await app.admin().delete(`/admin/identities/${owner.id}/suspended/${address.id}`).expect(204);
  await ask();
  expect(await mails()).toHaveLength(1);
});

test('a recovery that was a mistake is cancelled: the session ends, the password signs in', async () => {
  const first = await people.connected();
  await password(first.browser, first.flow, PASSWORD);
  const owner = await people.recovered(first);
  const page = await people.submit(owner.browser, owner.flow, { hand_over: 'cancel' });
  expect([page.status, page.location]).toEqual([303, expect.stringContaining('/self-service/login/browser')]);
  expect(await people.whoami(owner.browser)).toBeUndefined();
});
