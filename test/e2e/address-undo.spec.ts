import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AddressPeople, addressPeople, fresh, identity, OPENS, WAITS } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed } from '../support/mail.js';
import { newPerson } from '../support/people.js';

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

describe('the previous addresses are told at once, with an undo link', () => {
  test('which asks first, works once, and restores the address and nothing else', async () => {
    const person = await newPerson(app);
    const address = fresh();
    await people.put(person, { email: address, second: fresh(), name: 'Ada' }).expect(200);
    const link = await people.undoLink(person);
    for (let i = 0; i < 2; i++)
      expect(
        (
          await app
            .publicAgent()
            .get(link.pathname + link.search)
            .expect(200)
        ).text,
      ).toContain('Undo the change');
    expect(await people.ask(address)).toEqual(WAITS);
    const undone = await people.undo(link).expect(303);
    expect(undone.headers['location']).toBe(`${app.publicUrl}/ui/undone`);
    await app.publicAgent().get('/ui/undone').expect(200);
    const { body } = await app.admin().get(`/admin/identities/${person.id}`).expect(200);
    expect(body.traits).toEqual({ email: person.email, name: 'Ada' });
    expect(await people.ask(person.email)).toEqual(OPENS);
    expect(await people.ask(address)).toMatchObject({ opens: false, template: 'none' });
    await people.undo(link).expect(410);
    const events = await app.sql('SELECT actor_type FROM audit_event WHERE target_id = $1 AND action = $2', [
      person.id,
      'identity.address_change_undone',
    ]);
    expect(events).toHaveLength(1);
  });

  test('also restores the previous schema', async () => {
    const person = await newPerson(app);
    await people.put(person, { email: fresh(), contact: fresh() }, weak, 'revealing').expect(200);
    await people.undo(await people.undoLink(person)).expect(303);
    const { body } = await app.admin().get(`/admin/identities/${person.id}`).expect(200);
    expect([body.schema_id, body.traits]).toEqual(['person', { email: person.email }]);
  });

  test('a later change needs no second link: the first one reverts all changes', async () => {
    const person = await newPerson(app);
    await people.move(person, fresh()).expect(200);
    await people.later(person, '20 hours');
    await people.move(person, fresh()).expect(200);
    expect((await people.undoMails(person)).length).toBe(1);
    await people.later(person, '20 hours');
    await people.undo(await people.undoLink(person)).expect(303);
    expect((await app.admin().get(`/admin/identities/${person.id}`)).body.traits).toEqual({ email: person.email });
  });

  test('an undone address that is added again starts at age zero, and is told again', async () => {
    const person = await newPerson(app);
    const address = fresh();
    await people.move(person, address).expect(200);
    await people.later(person, '12 hours');
    await people.undo(await people.undoLink(person)).expect(303);
    await people.later(person, '20 hours');
    await people.move(person, address).expect(200);
    await people.later(person, '13 hours');
    expect(await people.ask(address)).toEqual(WAITS);
    expect((await people.undoMails(person)).length).toBe(2);
  });

  test('it stops working when the address is of age, and once a trusted change follows', async () => {
    const [over, settled] = [await newPerson(app), await newPerson(app)];
    for (const person of [over, settled]) await people.move(person, fresh()).expect(200);
    await people.later(over, '25 hours');
    await people.move(settled, fresh(), strong).expect(200);
    const answers = [
      await people.undo(await people.undoLink(over)),
      await people.undo(await people.undoLink(settled)),
      await people.undo(new URL(`${app.publicUrl}/ui/undo?token=${'x'.repeat(32)}`)),
      await people.undo(new URL(`${app.publicUrl}/ui/undo?token=`)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([410, 410, 410, 410]);
    expect(new Set(answers.map(({ text }) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ''))).size).toBe(1);
    expect(await people.ask(settled.email)).toMatchObject({ opens: false });
  });

  test('of sixteen concurrent requests one undoes', async () => {
    const person = await newPerson(app);
    await people.move(person, fresh()).expect(200);
    const link = await people.undoLink(person);
    const statuses = (await Promise.all(Array.from({ length: 16 }, () => people.undo(link)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 303)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(15);
  });

  test('its token is not stored in the database', async () => {
    const person = await newPerson(app);
    await people.move(person, fresh()).expect(200);
    const token = (await people.undoLink(person)).searchParams.get('token')!;
    const [rows] = await app.sql<{ all: string }>(
      `SELECT (SELECT string_agg(c::text, '') FROM address_change c) || (SELECT string_agg(m::text, '') FROM courier_message m) AS all`,
    );
    expect(rows!.all).not.toContain(token);
    expect(rows!.all).not.toContain(Buffer.from(token).toString('hex'));
  });

  test('a change by a token that may write credentials offers none', async () => {
    const person = await newPerson(app);
    await people.move(person, fresh(), strong).expect(200);
    expect(await people.undoMails(person)).toEqual([]);
  });
});
