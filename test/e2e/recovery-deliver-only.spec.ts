import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, mailTo } from '../support/mail.js';
import { newPerson, type Person } from '../support/people.js';

/** Limit per hour and address for a token that may only deliver. */
const MAILS = 3;

let app: TestApp;
let deliverOnly: string;
beforeAll(async () => {
  const regain = { rate_limits: { deliver_address: `${MAILS}/1h` } };
  app = await startTestApp({ config: mailed('code', { regain }) });
  deliverOnly = await app.token('recovery:deliver', 'courier:read');
});
afterAll(() => app.stop());

/** A person whose address has been there for two days. */
async function settledPerson(): Promise<Person> {
  const person = await newPerson(app);
  const sql = `UPDATE recovery_address SET updated_at = updated_at - interval '2 days' WHERE identity_id = $1`;
  await app.sql(sql, [person.id]);
  return person;
}
const send = ({ id }: Person, token: string, key = '') =>
  app
    .admin(token)
    .post('/admin/recovery/code')
    .set(key === '' ? {} : { 'idempotency-key': key })
    .send({ identity_id: id, deliver: { to: 'default' } });

test('a caller who sends a code blindly does not see its page, where six digits are quickly guessed', async () => {
  const person = await settledPerson();
  const { text, body } = await send(person, deliverOnly).expect(201);
  const seen = await app.admin(deliverOnly).get(`/admin/courier/messages/${body.message_id}`).expect(200);
  const [flow] = await app.sql<{ id: string }>('SELECT id FROM recovery_flow WHERE identity_id = $1', [person.id]);
  for (const shown of [text, seen.text]) expect(shown).not.toContain(flow!.id);
});

test('a mailbox cannot be flooded: such a token is refused after some mails per hour, others are not', async () => {
  const person = await settledPerson();
  for (let i = 0; i < MAILS; i++) await send(person, deliverOnly, `call-${i}`).expect(201);
  const answer = await send(person, deliverOnly).expect(429);
  expect(answer.headers['ratelimit-policy']).toBe(`${MAILS};w=3600`);
  await send(person, deliverOnly, 'call-0').expect(201); // a repetition sends nothing
  expect(await mailTo(app, person.email)).toHaveLength(MAILS);
  await send(person, app.pat).expect(201);
  await send(await settledPerson(), deliverOnly).expect(201);
});
