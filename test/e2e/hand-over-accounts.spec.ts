/** Connected accounts and addresses during a hand-over. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AddressPeople, addressPeople, fresh, identity } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { PASSWORD } from '../support/sign-in.js';
import { acmeAt, type Flow, newSubject, socialConfig, socialPeople } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;
let addresses: AddressPeople;
beforeAll(async () => {
  provider = await ActedProvider.start();
  const social = socialConfig(acmeAt(provider), acmeAt(provider, { id: 'other' }));
  const courier = { smtp: { connection_uri: 'smtp://127.0.0.1:9/' } };
  app = await startTestApp({ config: { ...social, courier, identity } });
  people = socialPeople(app, provider);
  addresses = addressPeople(app, await app.token('identity:write', 'credentials:write'));
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

/** An intruder has connected an account, and the owner recovers with a link. */
async function taken() {
  const intruder = await people.connected();
  expect(await signsIn(intruder.sub)).toBe(intruder.id);
  return { sub: intruder.sub, owner: await people.recovered(intruder) };
}

test('a connected account does not work during the hand-over, nor afterwards', async () => {
  const { sub, owner } = await taken();
  expect(await signsIn(sub)).toBeUndefined();
  expect(await said(sub)).toEqual([BEING_RECOVERED]);
  await password(owner.browser, owner.flow);
  expect(await signsIn(sub)).toBeUndefined();
  expect(await said(sub)).not.toContain(BEING_RECOVERED);
  expect(await suspendedOf(owner.id)).toMatchObject([{ kind: 'account', name: 'acme' }]);
});

test('a provider sign-in that was started before the redemption fails after it', async () => {
  const intruder = await people.connected();
  const begun = await people.begun(intruder.sub);
  const owner = await people.recovered(intruder);
  await begun.browser.get(begun.back);
  expect(await people.whoami(begun.browser)).toBeUndefined();
  expect(await people.whoami(owner.browser)).toBe(owner.id);
});

test('the same account, proved again, closes the hand-over and replaces the password', async () => {
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

test('another account of the provider replaces the connected one', async () => {
  const { sub, owner } = await taken();
  const own = newSubject();
  await owner.browser.get(await people.away(await people.submit(owner.browser, owner.flow, { link: 'acme' }), own));
  expect(await signsIn(own)).toBe(owner.id);
  expect(await signsIn(sub)).toBeUndefined();
  expect(await people.connectionsOf(owner.id)).toEqual([{ value: `acme:${own}` }]);
});

test('a suspended account works again once its owner keeps it', async () => {
  const { sub, owner } = await taken();
  await password(owner.browser, owner.flow);
  const [way] = await suspendedOf(owner.id);
  const shown = await people.flowOf(owner.browser, 'settings', owner.flow.id);
  expect(shown.ui.nodes.filter(({ group }) => group === 'still_yours')).toMatchObject([
    { attributes: { name: 'keep', value: way!.id } },
    { attributes: { name: 'remove', value: way!.id } },
  ]);
  await people.submit(owner.browser, owner.flow, { keep: way!.id });
  expect(await suspendedOf(owner.id)).toEqual([]);
  expect(await signsIn(sub)).toBe(owner.id);
});

test('or an administrator who may; nobody can keep another person’s', async () => {
  const { sub, owner } = await taken();
  await password(owner.browser, owner.flow);
  const [way] = await suspendedOf(owner.id);
  const other = await people.connected();
  await app.admin().post(`/admin/identities/${other.id}/suspended/${way!.id}/keep`).expect(404);
  await people.submit(other.browser, other.flow, { keep: way!.id });
  expect(await suspendedOf(owner.id)).toHaveLength(1);
  const poor = app.admin(await app.token('identity:read'));
  await poor.post(`/admin/identities/${owner.id}/suspended/${way!.id}/keep`).expect(403);
  await app.admin().post(`/admin/identities/${owner.id}/suspended/${way!.id}/keep`).expect(204);
  await app.admin().post(`/admin/identities/${owner.id}/suspended/${way!.id}/keep`).expect(404);
  expect(await signsIn(sub)).toBe(owner.id);
});

describe('a recovery address', () => {
  /** Hands the account over, and resolves to the addresses that this suspends. */
  async function suspendedBy(person: { id: string }): Promise<string[]> {
    const owner = await people.recovered(person);
    await password(owner.browser, owner.flow);
    return (await suspendedOf(person.id)).flatMap(({ kind, name }) => (kind === 'address' ? [name] : []));
  }
  const withAddresses = async (...others: string[]) => {
    const person = await addresses.newPersonWith(fresh());
    await addresses.put(person, { email: person.email, others }).expect(200);
    return person;
  };

  test('that an intruder added in a session gets no secret until it is kept', async () => {
    const { browser, flow, id, email } = await people.connected();
    const late = fresh();
    await people.submit(browser, flow, { method: 'profile', 'traits.email': email, 'traits.second': late });
    expect(await suspendedBy({ id })).toEqual([late]);
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
    const address = (await suspendedOf(id)).find(({ kind }) => kind === 'address')!;
    await app.admin().post(`/admin/identities/${id}/suspended/${address.id}/keep`).expect(204);
    await ask();
    expect(await mails()).toHaveLength(1);
  });

  test('is suspended until it has been there for 30 days', async () => {
    const [young, old] = [fresh(), fresh()];
    const [one, two] = [await withAddresses(young), await withAddresses(old)];
    await addresses.later(one, '29 days 23 hours');
    await addresses.later(two, '30 days 1 hour');
    expect(await suspendedBy(one)).toEqual([young]);
    expect(await suspendedBy(two)).toEqual([]);
  });

  test('that the identity was created with stays, even in another spelling or after it was removed for a time', async () => {
    const person = await addresses.newPersonWith(fresh());
    await addresses.store(person, person.email.replace('example.com', 'bücher.example'));
    const [stranger, own] = [fresh(), person.email.replace('example.com', 'xn--bcher-kva.example')];
    await addresses.move(person, own).expect(200);
    await addresses.move(person, stranger).expect(200);
    await addresses.later(person, '29 days');
    await addresses.put(person, { email: own, second: stranger }).expect(200);
    expect(await suspendedBy(person)).toEqual([stranger]);
  });

  test('gains no age from a new spelling, nor from the time while it was removed', async () => {
    const [spelled, away] = [fresh(), fresh()];
    const person = await withAddresses(spelled, away);
    const { email } = person;
    await addresses.put(person, { email, others: [spelled.toUpperCase()] }).expect(200);
    await addresses.later(person, '29 days 23 hours');
    await addresses.put(person, { email, others: [spelled, away] }).expect(200);
    await addresses.later(person, '2 hours');
    expect(await suspendedBy(person)).toEqual([away]);
  });

  test('that was removed for part of a month keeps the days that it was there', async () => {
    const back = async (days: number) => {
      const away = fresh();
      const person = await withAddresses(away);
      await addresses.later(person, '20 days');
      await addresses.put(person, { email: person.email }).expect(200);
      await addresses.later(person, '9 days');
      await addresses.put(person, { email: person.email, others: [away] }).expect(200);
      await addresses.later(person, `${days} days`);
      return (await suspendedBy(person)).length;
    };
    expect([await back(9), await back(11)]).toEqual([1, 0]);
  });
});

test('a mistaken recovery is cancelled: the session ends, the password signs in', async () => {
  const first = await people.connected();
  await password(first.browser, first.flow, PASSWORD);
  const owner = await people.recovered(first);
  const page = await people.submit(owner.browser, owner.flow, { hand_over: 'cancel' });
  expect([page.status, page.location]).toEqual([303, expect.stringContaining('/self-service/login/browser')]);
  expect(await people.whoami(owner.browser)).toBeUndefined();
});
