import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { mailed, mailTo } from '../support/mail.js';
import { newPerson, type Person } from '../support/people.js';

/** Notices per hour for one identity; after that, one digest. */
const AN_HOUR = 5;

let app: TestApp;
let person: Person;
let settings: (fields: object) => Promise<number>;
beforeAll(
  async () =>
    void (app = await startTestApp({
      config: mailed('link', { regain: { recovery: { redeem_on: 'get', hand_over: false } } }),
    })),
  60_000,
);
afterAll(() => app.stop());
beforeEach(async () => {
  person = await newPerson(app);
  settings = await signedIn(person);
});

async function signedIn({ id }: Person): Promise<(fields: object) => Promise<number>> {
  const { token } = await app.get(SessionService).issue({ identityId: id, methods: ['password'], origin: 'login' });
  const agent = () => app.publicAgent().set('x-session-token', token) as ReturnType<TestApp['publicAgent']>;
  return async (fields) => {
    const { body } = await agent().get('/self-service/settings/api').expect(200);
    return (await agent().post('/self-service/settings').query({ flow: body.id }).send(fields)).status;
  };
}

let nr = 0;
const password = async () =>
  expect(await settings({ method: 'password', password: `correct horse battery ${++nr}` })).toBe(200);
const moveTo = async (email: string) => expect(await settings({ method: 'profile', traits: { email } })).toBe(200);
const notices = async (address: string): Promise<string[]> => {
  const rows = await app.sql<{ template_type: string }>(
    `SELECT template_type FROM courier_message WHERE recipient = $1 AND secret IS NULL ORDER BY created_at`,
    [address],
  );
  return rows.map(({ template_type }) => template_type);
};
const stranger = () => `stranger.${++nr}.${person.email}`;
const digests = () =>
  app.sql<{ recipient: string; counts: object; due: number; jobs: string }>(
    `SELECT recipient, data -> 'counts' AS counts, round(extract(epoch FROM due_at - created_at))::int AS due,
       (SELECT count(*) FROM regain_queue.job WHERE data ->> 'id' = courier_message.id::text) AS jobs
     FROM courier_message WHERE digest_of = $1 ORDER BY recipient`,
    [person.id],
  );

describe('beyond five an hour an identity’s notices become one digest', () => {
  test('of the same kind, many times', async () => {
    for (let i = 0; i < 9; i++) await password();
    expect(await notices(person.email)).toEqual([...Array(AN_HOUR).fill('password_changed'), 'notice_digest']);
    expect(await digests()).toEqual([
      { recipient: person.email, counts: { password_changed: 4 }, due: 3600, jobs: '1' },
    ]);
    const [mail] = await mailTo(app, person.email);
    expect(mail!.subject).toBe('Many changes in your account');
    expect(mail!.body).toContain('Password changed: 4');
  });

  test('of different kinds, from the person and administrators, at once', async () => {
    const change = (n: number) =>
      app
        .admin()
        .put(`/admin/identities/${person.id}`)
        .send({
          schema_id: 'person',
          state: 'active',
          traits: { email: person.email },
          credentials: { password: { config: { password: `another horse battery ${n}` } } },
        });
    await Promise.all(Array.from({ length: 8 }, (_, n) => change(n).expect(200)));
    await newLink(app, person.id).then((link) =>
      app
        .publicAgent()
        .get(link.pathname + link.search)
        .expect(303),
    );
    const told = await notices(person.email);
    expect(told.filter((each) => each !== 'notice_digest')).toHaveLength(AN_HOUR);
    expect(told.filter((each) => each === 'notice_digest')).toHaveLength(1);
    expect((await digests())[0]!.counts).toEqual({ password_changed: 3, recovered: 1 });
  });

  test('recoveries count too', async () => {
    for (let i = 0; i < 7; i++) {
      const link = await newLink(app, person.id);
      await app
        .publicAgent()
        .get(link.pathname + link.search)
        .expect(303);
    }
    expect(await notices(person.email)).toEqual([...Array(AN_HOUR).fill('recovered'), 'notice_digest']);
    expect((await digests())[0]!.counts).toEqual({ recovered: 2 });
  });

  test('the window slides: as many go out separately as became an hour old, and no more', async () => {
    for (let i = 0; i < AN_HOUR; i++) await password();
    await app.sql(
      `UPDATE notice_count SET sent = ARRAY[sent[1] - interval '61 minutes', sent[2] - interval '61 minutes'] || sent[3:] WHERE identity_id = $1`,
      [person.id],
    );
    for (let i = 0; i < 4; i++) await password();
    expect(await notices(person.email)).toEqual([...Array(AN_HOUR + 2).fill('password_changed'), 'notice_digest']);
  });

  test('a digest that is being sent is left alone: later notices go into another', async () => {
    for (let i = 0; i < AN_HOUR + 1; i++) await password();
    await app.sql(`UPDATE courier_message SET send_count = 1, status = 'processing' WHERE digest_of = $1`, [person.id]);
    await password();
    await app.sql(`UPDATE courier_message SET status = 'queued' WHERE digest_of = $1`, [person.id]); // a failed attempt
    await password();
    expect((await digests()).map(({ counts }) => counts)).toEqual(
      expect.arrayContaining([{ password_changed: 1 }, { password_changed: 2 }]),
    );
  });

  test('those of others are counted separately', async () => {
    for (let i = 0; i < AN_HOUR + 2; i++) await password();
    const other = await newPerson(app);
    settings = await signedIn(other);
    await password();
    expect(await notices(other.email)).toEqual(['password_changed']);
  });
});

describe('an address not known to be the person’s', () => {
  test('is told once, however the changes are mixed; the previous one is told of all', async () => {
    const victim = stranger();
    await moveTo(victim);
    for (let i = 0; i < 3; i++) await password();
    expect(await notices(victim)).toHaveLength(1);
    expect(await notices(person.email)).toEqual(['address_changed', ...Array(3).fill('password_changed')]);
  });

  test('is told once even if it is removed and added again', async () => {
    const victim = stranger();
    for (let i = 0; i < 3; i++) {
      await moveTo(victim);
      await password();
      await moveTo(person.email);
    }
    expect(await notices(victim)).toHaveLength(1);
  });

  test('many strangers get at most one each, and the hourly limit covers all of them', async () => {
    const victims = Array.from({ length: 8 }, stranger);
    for (const victim of victims) {
      await moveTo(victim);
      await password();
    }
    const each = await Promise.all(victims.map(notices));
    expect(Math.max(...each.map(({ length }) => length))).toBe(1);
    expect(each.flat().filter((type) => type !== 'notice_digest').length).toBeLessThanOrEqual(AN_HOUR);
    expect(await notices(person.email)).toHaveLength(AN_HOUR + 1);
  });

  test('is told like any other once it is verified, or has been there for 30 days', async () => {
    const [proved, settled] = [stranger(), stranger()];
    await moveTo(proved);
    await app.sql(`UPDATE verifiable_address SET verified = true WHERE identity_id = $1`, [person.id]);
    for (let i = 0; i < 2; i++) await password();
    expect(await notices(proved)).toEqual(['password_changed', 'password_changed']);
    await moveTo(settled);
    await app.sql(
      `UPDATE address_history SET added_at = added_at - interval '31 days', removed_at = removed_at - interval '31 days' WHERE identity_id = $1`,
      [person.id],
    );
    await app.sql('DELETE FROM notice_count WHERE identity_id = $1', [person.id]);
    const before = (await notices(person.email)).length;
    for (let i = 0; i < 2; i++) await password();
    expect(await notices(settled)).toEqual(['password_changed', 'password_changed']);
    expect(await notices(person.email)).toHaveLength(before);
  });
});
