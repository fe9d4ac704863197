/** What people are told about a recovery that ended without a new credential. */
import { SchedulerRegistry } from '@nestjs/schedule';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addressPeople, fresh, identity } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { handOverPeople, type HandOverPeople } from '../support/hand-over-people.js';
import { mailed, mailTo } from '../support/mail.js';
import type { Person } from '../support/people.js';

const SUBJECT = 'A recovery of your account was not completed';
const NEW = 'an entirely new pass phrase 1';

let app: TestApp;
let people: HandOverPeople;
let anna: Person;
beforeAll(async () => {
  const regain = { ui: { support: 'help@acme.example' } };
  app = await startTestApp({ config: { ...mailed('code', { regain }), identity }, deliver: true });
  people = handOverPeople(app);
}, 60_000);
afterAll(() => app?.stop());
beforeEach(async () => void (anna = await people.withPassword()));

/** What the schedule runs every minute. */
const minutePasses = (at = app) =>
  at.get(SchedulerRegistry).getCronJob('tell of unfinished recoveries').fireOnTick() as unknown as Promise<void>;
const told = async (address = anna.email, at = app): Promise<string[]> =>
  (await mailTo(at, address)).filter(({ subject }) => subject === SUBJECT).map(({ body }) => body.replace(/\s+/g, ' '));
const cancel = () => app.admin().delete(`/admin/identities/${anna.id}/hand-over`).expect(204);

describe.each(['link', 'code'] as const)('a recovery by %s', (way) => {
  test('that timed out is told once, with the device that started it', async () => {
    await people.recover(anna, way);
    await minutePasses();
    expect(await told()).toEqual([]);
    await people.lapse(anna);
    await minutePasses();
    await minutePasses();
    const [mail, ...more] = await told();
    expect(more).toEqual([]);
    expect(mail).toMatch(/You can sign in as before.* When: \w+ \d+, \d{4} at \d\d:\d\d UTC .*Device: /);
  });

  test('that an administrator cancels is told at once, and once', async () => {
    await people.recover(anna, way);
    await cancel();
    await cancel();
    await minutePasses();
    expect(await told()).toHaveLength(1);
  });

  test('that the person cancels is told at once', async () => {
    const owner = await people.recover(anna, way);
    expect(await owner.cancel()).toBe(200);
    expect(await told()).toHaveLength(1);
    expect(await people.alive(owner.token)).toBe(false);
  });

  test('that leaves the account contained says where to get help; its session has ended', async () => {
    const owner = (await (await people.issued(anna, way, { contain: true })).redeem())!;
    expect(await people.alive(owner.token)).toBe(true);
    await people.lapse(anna);
    expect(await people.alive(owner.token)).toBe(false);
    expect(await owner.setPassword(NEW)).toBe(401);
    await minutePasses();
    const [mail] = await told();
    expect(mail).toContain('The account stays locked: no one can sign in until it is recovered.');
    expect(mail).toContain('ask for a new recovery link: help@acme.example');
    expect(mail).not.toContain('sign in as before');
  });

  test('whose session was signed out is told when its time is over', async () => {
    const owner = await people.recover(anna, way);
    await people.signOut(owner.token);
    await minutePasses();
    expect(await told()).toEqual([]);
    await people.lapse(anna);
    await minutePasses();
    expect(await told()).toHaveLength(1);
  });
});

describe('nobody is told', () => {
  test('of a finished recovery, even if it timed out meanwhile', async () => {
    const owner = await people.recover(anna, 'code');
    expect(await owner.setPassword(NEW)).toBe(200);
    const bert = await people.withPassword();
    const late = await people.recover(bert, 'code');
    await people.lapse(bert);
    expect(await late.setPassword(NEW)).toBe(200);
    await minutePasses();
    expect([await told(), await told(bert.email)]).toEqual([[], []]);
  });

  test('of one that another took over, but of that one', async () => {
    await people.recover(anna, 'link');
    await people.recover(anna, 'code');
    await minutePasses();
    expect(await told()).toEqual([]);
    await people.lapse(anna);
    await minutePasses();
    expect(await told()).toHaveLength(1);
  });

  test('of one that ended with the account’s deactivation, or with an administrator’s password', async () => {
    await people.recover(anna, 'code');
    await people.setState(anna, 'inactive');
    const bert = await people.withPassword();
    await people.recover(bert, 'code');
    const credentials = { password: { config: { password: NEW } } };
    const body = { schema_id: 'person', state: 'active', traits: { email: bert.email }, credentials };
    await app.admin().put(`/admin/identities/${bert.id}`).send(body).expect(200);
    for (const { id } of [anna, bert])
      expect(await app.sql('SELECT hand_over_until AS until FROM identity WHERE id = $1', [id])).toEqual([
        { until: null },
      ]);
    await minutePasses();
    expect([await told(), await told(bert.email)]).toEqual([[], []]);
  });

  test.each([
    ['if notices are off', mailed('code', { regain: { courier: { notices: false } } }), false],
    ['with Kratos’ values', mailed('code'), true],
  ])('%s', async (_, config, parity) => {
    const quiet = await startTestApp({ config, parity, deliver: true });
    try {
      const there = handOverPeople(quiet);
      const carl = await there.withPassword();
      await (await there.issued(carl, 'code', { contain: true })).redeem();
      await there.lapse(carl);
      await minutePasses(quiet);
      expect(await told(carl.email, quiet)).toEqual([]);
      const rows = await quiet.sql('SELECT 1 FROM identity WHERE id = $1 AND hand_over_told_at IS NULL', [carl.id]);
      expect(rows).toEqual([]);
    } finally {
      await quiet.stop();
    }
  });
});

describe('who is told', () => {
  const abandon = async (): Promise<void> => {
    await people.recover(anna, 'code');
    await people.lapse(anna);
    await minutePasses();
  };

  test('every address of the identity, and one that may be a stranger’s only once', async () => {
    const stranger = fresh();
    const addresses = addressPeople(app, app.pat);
    await addresses.put(anna, { email: anna.email, others: [stranger] }).expect(200);
    await app.sql(`UPDATE address_history SET told_at = NULL WHERE identity_id = $1`, [anna.id]);
    await abandon();
    await app.sql(`UPDATE identity SET hand_over_until = NULL WHERE id = $1`, [anna.id]);
    const strangers = await app.sql<{ template_type: string }>(
      'SELECT template_type FROM courier_message WHERE recipient = $1',
      [stranger],
    );
    expect(strangers).toHaveLength(1);
    await abandon();
    expect(await told()).toHaveLength(2);
    expect(await app.sql('SELECT 1 FROM courier_message WHERE recipient = $1', [stranger])).toHaveLength(1);
  });

  test('in the digest, beyond five notices an hour', async () => {
    for (let times = 0; times < 4; times++) await abandon();
    const [digest] = await app.sql<{ counts: object }>(
      `SELECT data -> 'counts' AS counts FROM courier_message WHERE digest_of = $1`,
      [anna.id],
    );
    expect(digest!.counts).toEqual({ recovered: 1, recovery_unfinished: 2 });
  });
});
