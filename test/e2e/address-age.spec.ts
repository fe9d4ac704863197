import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AddressPeople, addressPeople, fresh, identity, OPENS, WAITS } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { handOverPeople } from '../support/hand-over-people.js';
import { mailed, mailTo, nativeFlow, submitTo } from '../support/mail.js';
import { newPerson, type Person } from '../support/people.js';

let app: TestApp;
let people: AddressPeople;
let weak: string;
let strong: string;
beforeAll(async () => {
  app = await startTestApp({ config: { ...mailed('code'), identity } });
  weak = await app.token('identity:write', 'identity:read');
  strong = await app.token('identity:write', 'credentials:write');
  people = addressPeople(app, weak);
}, 60_000);
afterAll(() => app.stop());

/** The person replaces their traits in the settings, after a recovery that ends with a new password. */
async function inSettings(person: Person, traits: object): Promise<void> {
  const { token, setPassword } = await handOverPeople(app).recover(person, 'code');
  expect(await setPassword(`a new pass phrase of ${person.id}`)).toBe(200);
  const as = () => app.publicAgent().set('x-session-token', token);
  const { body } = await as().get('/self-service/settings/api').expect(200);
  const flow = (body as { id: string }).id;
  await as().post(`/self-service/settings?flow=${flow}`).send({ method: 'profile', traits }).expect(200);
}

describe('an address added by a token without credentials:write', () => {
  const ROUTES: [string, (person: Person, address: string) => PromiseLike<{ status: number }>][] = [
    ['PATCH', (person, address) => people.move(person, address)],
    ['PUT', (person, address) => people.put(person, { email: address })],
    [
      'PATCH of the whole traits',
      (person, address) => people.patch(person, [{ op: 'replace', path: '/traits', value: { email: address } }]),
    ],
    [
      'another trait as well',
      (person, address) => people.patch(person, [{ op: 'add', path: '/traits/second', value: address }]),
    ],
    ['a list', (person, address) => people.patch(person, [{ op: 'add', path: '/traits/others', value: [address] }])],
    [
      'another schema',
      async (person, address) => {
        await people.put(person, { email: person.email, contact: address }).expect(200);
        return people.patch(person, [{ op: 'replace', path: '/schema_id', value: 'revealing' }]);
      },
    ],
    [
      'move',
      async (person, address) => {
        await people.put(person, { email: person.email, name: address }).expect(200);
        return people.patch(person, [{ op: 'move', from: '/traits/name', path: '/traits/second' }]);
      },
    ],
  ];

  test.each(ROUTES)('by %s gets no secret before its age; the previous one keeps working', async (_, change) => {
    const person = await newPerson(app);
    const address = fresh();
    expect((await change(person, address)).status).toBe(200);
    expect(await people.ask(address)).toEqual(WAITS);
    expect(await people.ask(person.email)).toEqual(OPENS);
    await people.later(person, '23 hours 59 minutes');
    expect(await people.ask(address)).toEqual(WAITS);
    await people.later(person, '2 minutes');
    expect(await people.ask(address)).toEqual(OPENS);
  });

  test('once it is of age, the one that it replaced is free', async () => {
    const person = await newPerson(app);
    await people.move(person, fresh()).expect(200);
    await people.later(person, '25 hours');
    expect(await people.ask(person.email)).toMatchObject({ opens: false, template: 'none' });
    await people.newPersonWith(person.email);
  });

  test('gets a mail that says when it will work and where to get help, but no code', async () => {
    const person = await newPerson(app);
    const address = fresh();
    await people.move(person, address).expect(200);
    await people.ask(address);
    const [mail] = await mailTo(app, address);
    expect(mail!.subject).toBe("You can't recover your account with this address yet");
    const text = mail!.body.replace(/\s+/g, ' ');
    expect(text).toMatch(/use it from \w+ \d+, \d+ at \d\d:\d\d UTC\./);
    expect(text).toContain('contact Regain support');
    expect(mail!.body).not.toMatch(/\b\d{6}\b/);
  });

  test('gets nothing from an administrator either, whatever the token; the previous one does', async () => {
    const person = await newPerson(app);
    await people.move(person, fresh()).expect(200);
    const { body } = await app.admin().get(`/admin/identities/${person.id}`).expect(200);
    const deliver = (to: string) =>
      app.admin().post('/admin/recovery/code').send({ identity_id: person.id, deliver: { to } });
    const refused = await deliver(body.recovery_addresses[0].id).expect(403);
    expect(refused.body.error.id).toBe('recovery_address_too_young');
    const before = (await mailTo(app, person.email)).length;
    await deliver('default').expect(201);
    expect(await mailTo(app, person.email)).toHaveLength(before + 1);
  });

  test('a code already sent to the previous one still works', async () => {
    const person = await newPerson(app);
    const flow = await nativeFlow(app);
    await submitTo(app, flow, { method: 'code', email: person.email }).expect(200);
    const code = /\b\d{6}\b/.exec((await mailTo(app, person.email))[0]!.body)![0];
    await people.move(person, fresh()).expect(200);
    const { body } = await submitTo(app, flow, { method: 'code', code }).expect(200);
    expect(JSON.stringify(body)).toContain('ory_session_token');
  });

  test('of several in a row only the first is kept, as long as the last is young', async () => {
    const person = await newPerson(app);
    const [one, two] = [fresh(), fresh()];
    await people.move(person, one).expect(200);
    await people.later(person, '20 hours');
    await people.move(person, two).expect(200);
    await people.later(person, '20 hours');
    expect(await people.ask(person.email)).toEqual(OPENS);
    expect(await people.ask(one)).toMatchObject({ opens: false, template: 'none' });
    expect(await people.ask(two)).toEqual(WAITS);
  });

  test('the previous one is not free for others meanwhile', async () => {
    const [ada, eve] = [await newPerson(app), await newPerson(app)];
    await people.move(ada, fresh()).expect(200);
    await people.move(eve, ada.email).expect(409);
    await people.move(eve, ada.email, strong).expect(409);
    await app
      .admin(strong)
      .post('/admin/identities')
      .send({ schema_id: 'person', traits: { email: ada.email } })
      .expect(409);
    expect(await people.ask(ada.email)).toEqual(OPENS);
  });

  test('does not leave the identity without one at once if it is removed', async () => {
    const person = await newPerson(app);
    await people.put(person, { name: 'Ada' }).expect(200);
    expect(await people.ask(person.email)).toEqual(OPENS);
    await people.later(person, '25 hours');
    expect(await people.ask(person.email)).toMatchObject({ opens: false });
  });
});

describe('age', () => {
  test('is kept if its spelling changes', async () => {
    const person = await newPerson(app);
    await people.move(person, person.email.toUpperCase()).expect(200);
    expect(await people.ask(person.email)).toEqual(OPENS);
    const host = `ada@${randomBytes(4).toString('hex')}.bücher.example`;
    const a = host.replace('bücher', 'xn--bcher-kva');
    await people.store(person, host);
    await people.move(person, a).expect(200);
    expect(await people.ask(a)).toEqual(OPENS);
  });

  test.each([
    ['a full-width letter', (email: string) => email.replace('person', 'ｐerson')],
    ['an invisible joiner', (email: string) => email.replace('person', 'per\u200dson')],
    ['a host without the dot on its i', (email: string) => email.replace('@fine', '@fıne')],
    ['a host with ß for ss', (email: string) => email.replace('strasse', 'straße')],
  ])('does not pass its age to a mailbox that only looks the same: %s', async (_, alike) => {
    const email = `person.${randomBytes(6).toString('hex')}@fine-strasse.example.com`;
    const person = { ...(await people.newPersonWith(email)), email: alike(email) };
    await people.store(person, person.email);
    await people.move(person, email).expect(200);
    expect(await people.ask(email, person.email)).toEqual(OPENS);
    expect(await mailTo(app, email)).toEqual([]);
    await people.later(person, '25 hours');
    expect(await people.ask(email)).toEqual(OPENS);
  });

  test('keeps its age if it returns within 30 days; the time between does not count', async () => {
    const person = await newPerson(app);
    const address = fresh();
    const has = (list: string[]) => people.put(person, { email: person.email, others: list }).expect(200);
    await has([address]);
    await people.later(person, '20 hours');
    await has([]);
    await people.later(person, '10 hours');
    await has([address]);
    expect(await people.ask(address)).toEqual(WAITS);
    await people.later(person, '5 hours');
    expect(await people.ask(address)).toEqual(OPENS);
    await has([]);
    await people.later(person, '29 days');
    await has([address]);
    expect(await people.ask(address)).toEqual(OPENS);
    await has([]);
    await people.later(person, '31 days');
    await has([address]);
    expect(await people.ask(address)).toEqual(WAITS);
  });

  test.each<[string, (person: Person, address: string) => Promise<unknown>]>([
    ['a token that may write credentials', (person) => people.put(person, { email: person.email }, strong).expect(200)],
    ['the person', (person) => inSettings(person, { email: person.email })],
    [
      'a token, and the person settled it with another change',
      async (person, address) => {
        await people.put(person, { email: person.email, second: fresh() }).expect(200);
        expect(await people.ask(address)).toEqual(OPENS);
        await inSettings(person, { email: person.email });
      },
    ],
  ])('starts at age zero if it returns after its removal by %s', async (_, removes) => {
    const person = await newPerson(app);
    const address = fresh();
    await people.put(person, { email: person.email, second: address }, strong).expect(200);
    await people.later(person, '60 days');
    expect(await people.ask(address)).toEqual(OPENS);
    await removes(person, address);
    expect(await people.ask(address)).toMatchObject({ opens: false, template: 'none' });
    await people.later(person, '10 days');
    await people.put(person, { email: person.email, second: address }).expect(200);
    expect(await people.ask(address)).toEqual(WAITS);
    await people.later(person, '25 hours');
    expect(await people.ask(address)).toEqual(OPENS);
  });

  test('does not apply if the token may write credentials, or if the identity was created with the address', async () => {
    const person = await newPerson(app);
    const address = fresh();
    await people.move(person, address, strong).expect(200);
    expect(await people.ask(address)).toEqual(OPENS);
    expect(await people.ask(person.email)).toMatchObject({ opens: false, template: 'none' });
    const batch = { identities: [{ create: { schema_id: 'person', traits: { email: fresh() } } }] };
    await app.admin(weak).patch('/admin/identities').send(batch).expect(200);
    expect(await people.ask(batch.identities[0]!.create.traits.email)).toEqual(OPENS);
  });

  test('does not apply with Kratos’ values', async () => {
    const parity = await startTestApp({ config: { ...mailed('code'), identity }, parity: true });
    try {
      const person = await newPerson(parity);
      const address = fresh();
      const token = await parity.token('identity:write');
      const operations = [{ op: 'replace', path: '/traits/email', value: address }];
      await parity.admin(token).patch(`/admin/identities/${person.id}`).send(operations).expect(200);
      await submitTo(parity, await nativeFlow(parity), { method: 'code', email: address });
      expect((await mailTo(parity, address)).map(({ template_type }) => template_type)).toEqual([
        'recovery_code_valid',
      ]);
      expect(await parity.sql('SELECT FROM courier_message WHERE recipient = $1', [person.email])).toEqual([]);
    } finally {
      await parity.stop();
    }
  });
});

describe('while the account is being recovered, or is contained', () => {
  const STATES: [string, string][] = [
    ['a hand-over is open', `hand_over_until = clock_timestamp() + interval '1 hour'`],
    ['the account is contained', `contained_at = clock_timestamp(), containment = 'all'`],
  ];
  test.each(STATES)('such a token cannot change addresses: %s', async (_, state) => {
    const person = await newPerson(app);
    await app.sql(`UPDATE identity SET ${state} WHERE id = $1`, [person.id]);
    await people.move(person, fresh()).expect(409);
    await people.put(person, { name: 'Ada' }).expect(409);
    await people.patch(person, [{ op: 'add', path: '/traits/name', value: 'Ada' }]).expect(200);
    await people.move(person, fresh(), strong).expect(200);
  });

  test.each(STATES)('nobody can undo a change; afterwards the link works: %s', async (_, state) => {
    const person = await newPerson(app);
    await people.move(person, fresh()).expect(200);
    await app.sql(`UPDATE identity SET ${state} WHERE id = $1`, [person.id]);
    const link = await people.undoLink(person);
    await people.undo(link).expect(410);
    await app.sql(`UPDATE identity SET hand_over_until = NULL, contained_at = NULL, containment = NULL WHERE id = $1`, [
      person.id,
    ]);
    await people.undo(link).expect(303);
  });

  test('a suspended address has to come of age again', async () => {
    const person = await newPerson(app);
    const address = fresh();
    await people.put(person, { email: person.email, second: address }, strong).expect(200);
    await app.sql(`UPDATE recovery_address SET suspended_at = clock_timestamp() WHERE value = $1`, [address]);
    expect(await people.ask(address)).toMatchObject({ opens: false, template: 'none' });
    await people.put(person, { email: person.email }).expect(200);
    expect(await people.ask(address)).toMatchObject({ opens: false, template: 'none' });
    await people.put(person, { email: person.email, second: address }).expect(200);
    expect(await people.ask(address)).toEqual(WAITS);
  });
});

describe('if nobody could undo it', () => {
  test('a token needs credentials:write to add an address', async () => {
    const person = await people.newPersonWith(undefined);
    const refused = await people.move(person, fresh()).expect(403);
    expect(refused.body.error).toMatchObject({ id: 'insufficient_scope' });
    await people.patch(person, [{ op: 'add', path: '/traits/name', value: 'Ada' }]).expect(200);
    const address = fresh();
    await people.move(person, address, strong).expect(200);
    expect(await people.ask(address)).toEqual(OPENS);
    await people.move(person, fresh()).expect(200);
  });

  test('also if the only address was removed long enough ago', async () => {
    const person = await newPerson(app);
    await people.put(person, { name: 'Ada' }).expect(200);
    await people.later(person, '25 hours');
    await people.move(person, fresh()).expect(403);
  });
});
