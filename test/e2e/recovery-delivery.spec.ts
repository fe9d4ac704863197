import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Mail, mailed, mailTo } from '../support/mail.js';
import { newPerson, type Person } from '../support/people.js';

const DESK = 'desk@example.com';
const NOBODY = 'b0000000-0000-4000-8000-00000000000b';

let app: TestApp;
let deliverOnly: string;
beforeAll(async () => {
  const regain = {
    courier: { show_unsent_secrets: true },
    recovery: { delivery: { templates: ['recovery_valid'], reply_to: [DESK] } },
  };
  app = await startTestApp({ config: mailed('link', { regain }) });
  deliverOnly = await app.token('recovery:deliver', 'courier:read', 'identity:read');
});
afterAll(() => app.stop());

const post = (kind: 'link' | 'code', body: object, token = app.pat) =>
  app.admin(token).post(`/admin/recovery/${kind}`).send(body);
const deliver = (person: Person, more: object = {}) => ({
  identity_id: person.id,
  deliver: { to: 'default', ...more },
});

/** Makes the address two days old. */
async function settle({ id }: Person): Promise<void> {
  await app.sql(`UPDATE recovery_address SET updated_at = updated_at - interval '2 days' WHERE identity_id = $1`, [id]);
}
async function settledPerson(more: object = {}): Promise<Person> {
  const person = await newPerson(app, more);
  await settle(person);
  return person;
}
const grants = ({ id }: Person) => app.sql('SELECT id FROM recovery_grant WHERE identity_id = $1', [id]);
const message = async (id: string): Promise<Mail & { template?: string }> =>
  (await app.admin().get(`/admin/courier/messages/${id}`).expect(200)).body;

describe('a link that an administrator sends', () => {
  test('is mailed to the stored address, and is the same as in the answer', async () => {
    const person = await settledPerson();
    const { body } = await post('link', deliver(person)).expect(200);
    expect(Object.keys(body).sort()).toEqual(['expires_at', 'message_id', 'recovery_link']);
    const mail = await message(body.message_id);
    expect(mail).toMatchObject({ recipient: person.email, template_type: 'recovery_valid', status: 'queued' });
    expect(mail.body).toContain(body.recovery_link);
    await app
      .publicAgent()
      .get('/self-service/recovery')
      .query(new URL(body.recovery_link).search.slice(1))
      .expect(303);
  });

  test('is recorded in the audit log as a delivery, with who did it', async () => {
    const person = await settledPerson();
    await post('link', deliver(person)).expect(200);
    const actions = await app.sql('SELECT action FROM audit_event WHERE target_id = $1 AND grant_id IS NOT NULL', [
      person.id,
    ]);
    expect(actions).toEqual([{ action: 'recovery.link.delivered' }]);
  });

  test('is neither in the answer of a blind call nor in the courier API', async () => {
    const person = await settledPerson();
    const { body } = await post('link', { ...deliver(person), return_link: false }).expect(200);
    expect(Object.keys(body).sort()).toEqual(['expires_at', 'message_id']);
    expect((await message(body.message_id)).body).toMatch(/token=redacted/);
    expect(JSON.stringify(await mailTo(app, person.email))).not.toMatch(/token=[0-9A-Za-z]{32}/);
  });

  test('is sent with the requested template and Reply-To address', async () => {
    const person = await settledPerson();
    const asked = deliver(person, { locale: 'de', template: 'recovery_valid', reply_to: DESK });
    const { body } = await post('link', asked).expect(200);
    expect((await message(body.message_id)).subject).not.toBe('Recover access to your account');
    expect((await message(body.message_id)).template).toBe(undefined);
    const [row] = await app.sql<{ data: object }>('SELECT data FROM courier_message WHERE id = $1', [body.message_id]);
    expect(row!.data).toMatchObject({ locale: 'de', replyTo: DESK });
  });

  test('does not work once the identity has another address', async () => {
    const person = await settledPerson();
    const { body } = await post('link', deliver(person)).expect(200);
    const next = { schema_id: 'person', state: 'active', traits: { email: `new.${person.email}` } };
    await app.admin().put(`/admin/identities/${person.id}`).send(next).expect(200);
    const [grant] = await app.sql<{ sent_to: string }>('SELECT sent_to FROM recovery_grant WHERE identity_id = $1', [
      person.id,
    ]);
    expect(grant!.sent_to).toBe(person.email);
    const page = await app.publicAgent().get(new URL(body.recovery_link).pathname + new URL(body.recovery_link).search);
    expect(page.status).toBe(303);
  });
});

describe('a code that an administrator sends', () => {
  test('comes with the page to enter it on', async () => {
    const codes = await startTestApp({ config: mailed('code') });
    try {
      const person = await newPerson(codes);
      const asked = { identity_id: person.id, deliver: { to: 'default' } };
      const { body } = await codes.admin().post('/admin/recovery/code').send(asked).expect(201);
      const [mail] = await mailTo(codes, person.email);
      expect(mail!.body).toContain(body.recovery_code);
      expect(mail!.body).toContain(body.recovery_link);
      const blind = await codes
        .admin()
        .post('/admin/recovery/code')
        .send({ ...asked, return_link: false })
        .expect(201);
      expect(Object.keys(blind.body).sort()).toEqual(['expires_at', 'message_id']);
    } finally {
      await codes.stop();
    }
  });
});

describe('an access token that may only deliver', () => {
  test('is always blind', async () => {
    const person = await settledPerson();
    const { body } = await post('link', deliver(person), deliverOnly).expect(200);
    expect(body.recovery_link).toBe(undefined);
    const seen = await app.admin(deliverOnly).get(`/admin/courier/messages/${body.message_id}`).expect(200);
    expect(seen.text).not.toMatch(/token=[0-9A-Za-z]{32}/);
  });

  test.each([
    ['without a delivery', (p: Person) => ({ identity_id: p.id })],
    ['and asks to see it', (p: Person) => ({ ...deliver(p), return_link: true })],
  ])('is refused %s, and nothing is created', async (_, body) => {
    const person = await settledPerson();
    const answer = await post('link', body(person), deliverOnly).expect(403);
    expect(answer.body.error.id).toBe('insufficient_scope');
    expect(await grants(person)).toEqual([]);
  });

  test('cannot send to an address that is younger than a day', async () => {
    const person = await newPerson(app);
    const answer = await post('link', deliver(person), deliverOnly).expect(403);
    expect(answer.body.error).toMatchObject({ id: 'recovery_address_too_young' });
    expect(answer.body.error.reason).toContain('24h');
    expect(await grants(person)).toEqual([]);
    await settle(person);
    await post('link', deliver(person), deliverOnly).expect(200);
  });

  test('cannot send to an address that was removed in between', async () => {
    const person = await settledPerson();
    for (const email of [`new.${person.email}`, person.email]) {
      const next = { schema_id: 'person', state: 'active', traits: { email } };
      await app.admin().put(`/admin/identities/${person.id}`).send(next).expect(200);
    }
    await post('link', deliver(person), deliverOnly).expect(403);
  });

  test('may do nothing else here', async () => {
    await app.admin(deliverOnly).get('/admin/recovery/grants').expect(403);
  });

  test('is told both scopes if it has neither', async () => {
    const none = await app.token('identity:read');
    const answer = await post('link', {}, none).expect(403);
    expect(answer.headers['www-authenticate']).toContain('scope="recovery:issue"');
    expect(answer.body.error.reason).toContain('recovery:issue or recovery:deliver');
  });
});

describe('a delivery is refused', () => {
  test.each<[string, object, string]>([
    ['to an address that was typed in', { to: 'ada@example.com' }, '"deliver.to" must be "default" or the id'],
    ['to an unknown address', { to: NOBODY }, '"deliver.to" must be "default" or the id'],
    ['without a target', {}, 'deliver.to must be "default" or the id of a recovery address'],
    ['to a list', { to: ['default'] }, 'deliver.to must be "default" or the id of a recovery address'],
    ['in an unsupported language', { to: 'default', locale: 'xx' }, '"deliver.locale" must be one of en, de'],
    ['with a template that is not configured', { to: 'default', template: 'recovered' }, '"deliver.template" must be'],
    ['with a template for codes', { to: 'default', template: 'recovery_code_valid' }, '"deliver.template" must be'],
    ['with a Reply-To address that is not configured', { to: 'default', reply_to: 'x@y.example' }, DESK],
    ['with a header in the Reply-To address', { to: 'default', reply_to: `${DESK}\r\nBcc: x@y.example` }, DESK],
  ])('%s', async (_, to, reason) => {
    const person = await settledPerson();
    const answer = await post('link', { identity_id: person.id, deliver: to }).expect(400);
    expect(answer.body.error.reason).toContain(reason);
    expect(await grants(person)).toEqual([]);
  });

  test('to another person’s address', async () => {
    const [ada, eve] = [await settledPerson(), await settledPerson()];
    const [address] = await app.sql<{ id: string }>('SELECT id FROM recovery_address WHERE identity_id = $1', [eve.id]);
    const answer = await post('link', { identity_id: ada.id, deliver: { to: address!.id } }).expect(400);
    expect(answer.body.error.reason).toContain('"deliver.to" must be "default" or the id');
    expect(await mailTo(app, eve.email)).toEqual([]);
  });

  test('if it is not an object, or if nobody would get the secret', async () => {
    const person = await settledPerson();
    const texts = ['default', 1, ['default']].map((to) => post('link', { identity_id: person.id, deliver: to }));
    for (const answer of await Promise.all(texts)) expect([answer.status, answer.body.error.code]).toEqual([400, 400]);
    const blind = await post('link', { identity_id: person.id, return_link: false }).expect(400);
    expect(blind.body.error.reason).toContain('Add "deliver"');
    const odd = await post('link', { identity_id: person.id, return_link: 'false' }).expect(400);
    expect(odd.body.error.reason).toContain('return_link must be true or false');
  });

  test('for an identity that is inactive, has a second factor, or does not exist', async () => {
    const inactive = await settledPerson({ state: 'inactive' });
    expect((await post('link', deliver(inactive)).expect(400)).body.error.reason).toContain('inactive');
    const strong = await settledPerson();
    await app.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [strong.id]);
    expect((await post('link', deliver(strong)).expect(400)).body.error.reason).toContain('second factor');
    const nobody = await post('link', { identity_id: NOBODY, deliver: { to: 'default' } }).expect(400);
    expect(nobody.body.error.reason).toBe('The requested identity id does not exist.');
  });

  test('if the server sends no mail', async () => {
    const silent = await startTestApp();
    try {
      const person = await newPerson(silent);
      const answer = await silent.admin().post('/admin/recovery/link').send(deliver(person)).expect(400);
      expect(answer.body.error.reason).toContain('sends no mail');
    } finally {
      await silent.stop();
    }
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string, body: object, token = app.pat, kind: 'link' | 'code' = 'link') =>
    post(kind, body, token).set('idempotency-key', key);

  test('creates one link and one mail for many calls', async () => {
    const person = await settledPerson();
    const key = randomUUID();
    const first = await keyed(key, deliver(person)).expect(200);
    const again = await keyed(key, deliver(person)).expect(200);
    expect(again.body).toEqual(first.body);
    expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect(await grants(person)).toHaveLength(1);
    expect(await mailTo(app, person.email)).toHaveLength(1);
  });

  test('sent sixteen times concurrently creates one; the others get it, or 409 and get it later', async () => {
    const person = await settledPerson();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 16 }, () => keyed(key, deliver(person))));
    const links = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.recovery_link));
    expect(links.size).toBe(1);
    const busy = answers.filter(({ status }) => status !== 200);
    expect(busy.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(busy.map(() => [409, '1']));
    expect(await grants(person)).toHaveLength(1);
    expect(await mailTo(app, person.email)).toHaveLength(1);
    const later = await keyed(key, deliver(person)).expect(200);
    expect(links).toContain(later.body.recovery_link);
  });

  test('with another body is refused', async () => {
    const person = await settledPerson();
    const key = randomUUID();
    await keyed(key, { identity_id: person.id }).expect(200);
    for (const other of [
      { identity_id: person.id, expires_in: '2h' },
      { identity_id: (await settledPerson()).id },
      deliver(person),
    ]) {
      const answer = await keyed(key, other).expect(422);
      expect(answer.body.error.id).toBe('idempotency_key_reused');
    }
    expect(await grants(person)).toHaveLength(1);
  });

  test('from another access token is another key', async () => {
    const person = await settledPerson();
    const key = randomUUID();
    const first = await keyed(key, { identity_id: person.id }).expect(200);
    const other = await keyed(key, { identity_id: person.id }, await app.token('recovery:issue')).expect(200);
    expect(other.body.recovery_link).not.toBe(first.body.recovery_link);
  });

  test('of a blind call stays blind', async () => {
    const person = await settledPerson();
    const key = randomUUID();
    for (let i = 0; i < 2; i++) {
      const answer = await keyed(key, deliver(person), deliverOnly).expect(200);
      expect(Object.keys(answer.body).sort()).toEqual(['expires_at', 'message_id']);
    }
  });

  test('stores nothing that a copy of the database could use', async () => {
    const person = await settledPerson();
    const key = randomUUID();
    const { body } = await keyed(key, { identity_id: person.id }).expect(200);
    const token = new URL(body.recovery_link).searchParams.get('token')!;
    const [rows] = await app.sql<{ all: string }>(
      `SELECT (SELECT string_agg(k::text, '') FROM recovery_idempotency_key k) || (SELECT string_agg(g::text, '') FROM recovery_grant g) AS all`,
    );
    for (const secret of [token, key]) expect(rows!.all).not.toContain(secret);
  });

  test('creates a new link after the key has expired', async () => {
    const person = await settledPerson();
    const key = randomUUID();
    const first = await keyed(key, { identity_id: person.id }).expect(200);
    await app.sql(`UPDATE recovery_idempotency_key SET forget_at = clock_timestamp() - interval '1 second'`);
    const later = await keyed(key, { identity_id: person.id, expires_in: '2h' }).expect(200);
    expect(later.body.recovery_link).not.toBe(first.body.recovery_link);
    expect(await grants(person)).toHaveLength(2);
  });

  test('is not used up by a refused call', async () => {
    const person = await newPerson(app);
    const key = randomUUID();
    await keyed(key, deliver(person), deliverOnly).expect(403);
    await settle(person);
    await keyed(key, deliver(person), deliverOnly).expect(200);
  });

  test.each(['two words', 'ä', 'a'.repeat(256)])('%j is refused', async (key) => {
    const answer = await keyed(encodeURI(key) === key ? key : Buffer.from(key, 'utf8').toString('latin1'), {});
    expect(answer.status).toBe(400);
    expect(answer.body.error.reason).toContain('Idempotency-Key');
  });

  test('repeats the answer for a code too', async () => {
    const codes = await startTestApp({ config: mailed('code') });
    try {
      const person = await newPerson(codes);
      const ask = () =>
        codes.admin().post('/admin/recovery/code').set('idempotency-key', 'k-1').send({ identity_id: person.id });
      const first = await ask().expect(201);
      expect((await ask().expect(201)).body).toEqual(first.body);
      expect(first.body.recovery_code).toMatch(/^\d{6}$/);
    } finally {
      await codes.stop();
    }
  });
});
