/** “Still yours?”: permanently removing what a hand-over suspended. For keeping it, see hand-over-accounts.spec.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AddressPeople, addressPeople, fresh, identity, OPENS } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { mailTo } from '../support/mail.js';
import { acmeAt, type Flow, newSubject, socialConfig, socialPeople } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;
let addresses: AddressPeople;
beforeAll(async () => {
  provider = await ActedProvider.start();
  const { selfservice, clients } = socialConfig(acmeAt(provider)) as {
    selfservice: { methods: object };
    clients: object;
  };
  const methods = { ...selfservice.methods, code: { enabled: true } };
  const courier = { smtp: { connection_uri: 'smtp://127.0.0.1:9/' } };
  const schemas = [...identity.schemas, { id: 'strict', url: strict() }];
  app = await startTestApp({
    config: {
      selfservice: { methods, flows: { recovery: { use: 'code' } } },
      clients,
      courier,
      identity: { ...identity, schemas },
      regain: { courier: { show_unsent_secrets: true } },
    },
  });
  people = socialPeople(app, provider);
  addresses = addressPeople(app, app.pat);
}, 60_000);
afterAll(async () => {
  await app?.stop();
  await provider?.stop();
});

/** A second address is required, and so is one in a list. */
function strict(): string {
  const extension = { recovery: { via: 'email' } };
  const address = { type: 'string', format: 'email', 'ory.sh/kratos': extension };
  const login = { ...extension, credentials: { password: { identifier: true } } };
  const email = { ...address, 'ory.sh/kratos': login };
  const properties = { email, second: address, others: { type: 'array', minItems: 1, items: address } };
  const traits = { type: 'object', properties, required: ['second', 'others'], additionalProperties: false };
  return `base64://${Buffer.from(JSON.stringify({ type: 'object', properties: { traits } })).toString('base64')}`;
}

const NEW = 'a new pass phrase of the owner';
const REQUIRED = 4_059_004;
const NO_STRATEGY = 4_010_004;

interface Way {
  id: string;
  kind: string;
  name: string;
}
interface Owner {
  id: string;
  email: string;
  browser: Browser;
  flow: Flow;
}
const suspended = async (id: string): Promise<Way[]> =>
  (await app.admin().get(`/admin/identities/${id}/suspended`).expect(200)).body;
const named = async (id: string, name: string): Promise<Way> => (await suspended(id)).find((way) => way.name === name)!;
const shown = async (id: string) => (await app.admin().get(`/admin/identities/${id}`).expect(200)).body;
const messagesOf = async ({ browser, flow }: Owner): Promise<number[]> =>
  ((await people.flowOf(browser, 'settings', flow.id)).ui.messages ?? []).map(({ id }) => id);
const remove = ({ browser, flow }: Owner, way: Way) => people.submit(browser, flow, { remove: way.id });
const removedByAdmin = (id: string, way: string, token = app.pat) =>
  app.admin(token).delete(`/admin/identities/${id}/suspended/${way}`);

/** A recovered person; an intruder had connected an account and added addresses. */
async function back(traits: object = {}, schema = 'person'): Promise<Owner & { sub: string }> {
  const sub = newSubject();
  const connected = await people.connected(sub);
  const person = { id: connected.id, email: connected.email };
  if (Object.keys(traits).length > 0)
    await addresses.put(person, { email: person.email, ...traits }, app.pat, schema).expect(200);
  const { browser, flow } = await people.recovered(person);
  await people.submit(browser, flow, { method: 'password', password: NEW });
  return { ...person, browser, flow, sub };
}

describe('the form', () => {
  test('offers to keep and to remove each', async () => {
    const other = fresh();
    const owner = await back({ second: other });
    const { ui } = await people.flowOf(owner.browser, 'settings', owner.flow.id);
    const offered = ui.nodes
      .filter(({ group }) => group === 'still_yours')
      .map(({ attributes: { name, value } }) => `${name} ${value}`);
    const ways = await suspended(owner.id);
    expect(ways.map(({ name }) => name).sort()).toEqual(['acme', other].sort());
    expect(offered).toEqual(ways.flatMap(({ id }) => [`keep ${id}`, `remove ${id}`]));
  });

  test('removes a connected account: it no longer signs in, another person may connect it, its owner is told', async () => {
    const owner = await back();
    await remove(owner, await named(owner.id, 'acme'));
    expect(await suspended(owner.id)).toEqual([]);
    expect(await people.connectionsOf(owner.id)).toEqual([]);
    expect((await people.eventsOf(owner.id)).at(-1)).toEqual({
      action: 'identity.account_removed',
      detail: { provider: 'acme' },
    });
    const subjects = (await mailTo(app, owner.email)).map(({ subject }) => subject);
    expect(subjects).toContain('Sign-in with acme was disconnected');
    const next = await people.connected(owner.sub);
    expect(await people.connectionsOf(next.id)).toEqual([{ value: `acme:${owner.sub}` }]);
  });

  test.each([
    ['a trait', (address: string) => ({ second: address, others: [fresh()] })],
    ['an item of a list', (address: string) => ({ second: fresh(), others: [fresh(), address, fresh()] })],
    ['several places', (address: string) => ({ second: address, others: [address, fresh(), address.toUpperCase()] })],
  ])('removes an address from the traits too: %s', async (_, traits) => {
    const address = fresh();
    const given = traits(address);
    const owner = await back({ ...given, name: 'Ada' });
    const before = await shown(owner.id);
    const page = await remove(owner, await named(owner.id, address));
    expect(page.status).toBe(303);
    const after = await shown(owner.id);
    const others = given.others.filter((each) => each.toLowerCase() !== address);
    const second = given.second === address ? {} : { second: given.second };
    expect(after.traits).toEqual({ email: owner.email, name: 'Ada', others, ...second });
    for (const list of ['recovery_addresses', 'verifiable_addresses'])
      expect(after[list]).toEqual(before[list].filter(({ value }: { value: string }) => value !== address));
    expect((await suspended(owner.id)).map(({ name }) => name)).not.toContain(address);
    const actions = (await people.eventsOf(owner.id)).map(({ action }) => action);
    expect(actions).toContain('identity.address_removed');
    const next = await addresses.newPersonWith(address);
    expect(await addresses.ask(address)).toEqual(OPENS);
    expect(next.email).toBe(address);
  });

  test.each([
    ['a required trait', (address: string) => ({ second: address, others: [fresh()] })],
    ['the last item that a list needs', (address: string) => ({ second: fresh(), others: [address] })],
  ])('does not remove what the schema requires, and says so: %s', async (_, traits) => {
    const address = fresh();
    const owner = await back(traits(address), 'strict');
    const before = await shown(owner.id);
    await remove(owner, await named(owner.id, address));
    expect(await messagesOf(owner)).toEqual([REQUIRED]);
    expect(await shown(owner.id)).toEqual(before);
    expect((await suspended(owner.id)).map(({ name }) => name)).toContain(address);
  });

  test('does not remove what the person signs in with', async () => {
    const intruders = fresh();
    const owner = await back({ email: intruders });
    await remove(owner, await named(owner.id, intruders));
    expect(await messagesOf(owner)).toEqual([REQUIRED]);
    expect((await shown(owner.id)).traits.email).toBe(intruders);
    await people.submit(owner.browser, owner.flow, { method: 'profile', 'traits.email': owner.email });
    expect((await suspended(owner.id)).map(({ name }) => name)).toEqual(['acme']);
    expect(await addresses.ask(intruders)).toMatchObject({ opens: false });
  });

  test('removes an address that is in no trait, and no other', async () => {
    const [stray, second] = [fresh(), fresh()];
    const owner = await back({ second: stray, others: [second] });
    await app.sql(`UPDATE identity SET traits = traits - 'second' - 'others' WHERE id = $1`, [owner.id]);
    await remove(owner, await named(owner.id, stray));
    const left = (await shown(owner.id)).recovery_addresses.map(({ value }: { value: string }) => value);
    expect(left.sort()).toEqual([owner.email, second].sort());
  });

  test('removes nothing of another person, nothing twice, and nothing that is not suspended', async () => {
    const [owner, other] = [await back(), await back()];
    const theirs = await named(other.id, 'acme');
    await remove(owner, theirs);
    expect(await messagesOf(owner)).toEqual([NO_STRATEGY]);
    const own = await named(owner.id, 'acme');
    await people.submit(owner.browser, owner.flow, { keep: own.id });
    await remove(owner, own);
    expect(await people.connectionsOf(owner.id)).toHaveLength(1);
    expect(await people.connectionsOf(other.id)).toHaveLength(1);
    for (const id of ['', 'acme', '0']) await people.submit(owner.browser, owner.flow, { remove: id });
    expect(await people.connectionsOf(owner.id)).toHaveLength(1);
  });

  test('removes nothing for a session that is too old, nor during another recovery', async () => {
    const owner = await back();
    const way = await named(owner.id, 'acme');
    const age = (by: string) =>
      app.sql(`UPDATE session SET authenticated_at = authenticated_at + $2::interval WHERE identity_id = $1`, [
        owner.id,
        by,
      ]);
    await age('-1 day');
    await remove(owner, way);
    expect(await suspended(owner.id)).toHaveLength(1);
    await age('1 day');
    const again = await people.recovered(owner);
    await remove(owner, way);
    await remove({ ...owner, ...again }, way);
    expect(await suspended(owner.id)).toHaveLength(1);
  });
});

describe('an administrator', () => {
  test('removes them likewise, with credentials:write', async () => {
    const [address, required] = [fresh(), fresh()];
    const owner = await back({ second: required, others: [fresh(), address] }, 'strict');
    const [account, way] = [await named(owner.id, 'acme'), await named(owner.id, address)];
    const poor = await app.token('identity:read', 'identity:write', 'recovery:issue', 'session:write');
    await removedByAdmin(owner.id, account.id, poor).expect(403);
    for (const id of [account.id, way.id]) {
      await removedByAdmin(owner.id, id).expect(204);
      await removedByAdmin(owner.id, id).expect(404);
    }
    const conflict = await removedByAdmin(owner.id, (await named(owner.id, required)).id).expect(409);
    expect(conflict.body.error.reason).toContain('Replace it in the traits instead');
    const { traits } = await shown(owner.id);
    expect([traits.others.length, traits.second]).toEqual([1, required]);
    expect(await people.connectionsOf(owner.id)).toEqual([]);
  });

  test('finds nothing under another identity or with a malformed id', async () => {
    const [one, two] = [await back(), await back()];
    const way = await named(one.id, 'acme');
    await removedByAdmin(two.id, way.id).expect(404);
    await removedByAdmin(one.id, 'acme').expect(404);
    await removedByAdmin('00000000-0000-4000-8000-000000000000', way.id).expect(404);
    expect(await suspended(one.id)).toHaveLength(1);
  });
});
