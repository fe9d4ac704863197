/** `feature_flags.choose_recovery_address`: addresses that get no secret are not offered, and find no account. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AddressPeople, addressPeople, fresh, identity } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, nativeFlow, submitTo } from '../support/mail.js';
import type { Person } from '../support/people.js';

let app: TestApp;
let people: AddressPeople;
let weak: string;
beforeAll(async () => {
  const feature_flags = { use_continue_with_transitions: true, choose_recovery_address: true };
  app = await startTestApp({ config: { ...mailed('code'), feature_flags, identity } });
  weak = await app.token('identity:write', 'identity:read');
  people = addressPeople(app, app.pat);
}, 60_000);
afterAll(() => app?.stop());

let ada: Person;
let second: string;
/** A person with two addresses since creation. */
beforeEach(async () => {
  const [email, more] = [fresh(), fresh()];
  const traits = { email, second: more };
  const { body } = await app.admin().post('/admin/identities').send({ schema_id: 'person', traits }).expect(201);
  [ada, second] = [{ id: (body as { id: string }).id, email }, more];
});

const masked = (address: string): string => `${address.slice(0, 2)}****${address.slice(address.indexOf('@'))}`;
interface Shown {
  state: string;
  choices: number;
  said: unknown;
}
/** What a person sees after entering an address: how many they can choose from, or where a code was said to be sent. */
async function name(address: string): Promise<Shown> {
  const flow = await nativeFlow(app);
  const { body } = await submitTo(app, flow, { recovery_address: address });
  const nodes = (body as { ui: { nodes: { attributes: { name: string } }[] } }).ui.nodes;
  const choices = nodes.filter(({ attributes }) => attributes.name === 'recovery_select_address').length;
  return { state: body.state, choices, said: body.ui.messages };
}
const sentTo = (address: string) => ({
  state: 'recovery_awaiting_code',
  choices: 0,
  said: [expect.objectContaining({ id: 1_060_004, context: { masked_address: masked(address) } })] as unknown,
});
const templates = async (address: string): Promise<string[]> =>
  (await app.sql<{ t: string }>('SELECT template_type AS t FROM courier_message WHERE recipient = $1', [address])).map(
    ({ t }) => t,
  );
/** Adds a third address, which an administrator's password suspends. */
async function suspended(): Promise<string> {
  const third = fresh();
  await people.put(ada, { email: ada.email, second, others: [third] }).expect(200);
  const credentials = { password: { config: { password: 'a pass phrase that is new' } } };
  const traits = { email: ada.email, second, others: [third] };
  await app
    .admin()
    .put(`/admin/identities/${ada.id}`)
    .send({ schema_id: 'person', state: 'active', traits, credentials })
    .expect(200);
  return third;
}

test('a suspended address is not offered, and looks like an unknown one', async () => {
  const third = await suspended();
  const offered = await name(ada.email);
  expect(offered).toMatchObject({ state: 'recovery_awaiting_address_choice', choices: 2 });
  const nobody = fresh();
  expect(await name(third)).toEqual(sentTo(third));
  expect(await name(nobody)).toEqual(sentTo(nobody));
  expect(await templates(third)).toEqual(['password_changed', ...(await templates(nobody))]);
  expect(await templates(nobody)).not.toContain('recovery_code_valid');
  const [{ id }] = (await app.admin().get(`/admin/identities/${ada.id}/suspended`).expect(200)).body;
  await app.admin().post(`/admin/identities/${ada.id}/suspended/${id}/keep`).expect(204);
  expect(await name(ada.email)).toMatchObject({ choices: 3 });
  expect(await name(third)).toMatchObject({ choices: 3 });
});

test('choosing a suspended address anyway sends nothing', async () => {
  const third = await suspended();
  const flow = await nativeFlow(app);
  await submitTo(app, flow, { recovery_address: ada.email });
  const hash = createHash('sha256').update(third).digest('base64');
  await submitTo(app, flow, { recovery_select_address: hash, recovery_address: third });
  await submitTo(app, flow, { recovery_confirm_address: third });
  expect(await templates(third)).not.toContain('recovery_code_valid');
});

test('if the others are suspended, the only one left gets its code at once', async () => {
  await people.put(ada, { email: ada.email }).expect(200);
  second = fresh();
  await suspended();
  expect(await name(ada.email)).toEqual(sentTo(ada.email));
  expect(await templates(ada.email)).toContain('recovery_code_valid');
});

test('an address that a token added is not offered before its age, and the answer reveals nothing about the account', async () => {
  const young = fresh();
  await people.put(ada, { email: ada.email, second, others: [young] }, weak).expect(200);
  expect(await name(ada.email)).toMatchObject({ choices: 2 });
  expect(await name(young)).toEqual(sentTo(young));
  expect(await templates(young)).toEqual(['recovery_not_yet']);
  await people.later(ada, '25 hours');
  expect(await name(young)).toMatchObject({ choices: 3 });
});

test('an address that a token replaced is offered until then', async () => {
  const young = fresh();
  await people.put(ada, { email: young, second }, weak).expect(200);
  expect(await name(ada.email)).toMatchObject({ choices: 2 });
  expect(await name(second)).toMatchObject({ choices: 2 });
  await people.later(ada, '25 hours');
  expect(await name(ada.email)).toEqual(sentTo(ada.email));
  expect(await name(second)).toMatchObject({ choices: 2 });
});
