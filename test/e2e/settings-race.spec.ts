import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { NEW_PASSWORD, type Answer, settingsPeople, type SettingsPeople } from '../support/settings-people.js';

let app: TestApp;
let people: SettingsPeople;
beforeAll(async () => {
  // The statements hold on their own, even if changes of one account can overlap.
  app = await startTestApp({ config: { regain: { settings: { one_at_a_time: false } } } });
  people = settingsPeople(app);
});
afterAll(() => app.stop());

describe('at once', () => {
  test('of eight passwords for one form one is the password, and each accepted one is audited', async () => {
    const { id, flow, email, json } = await people.browser();
    const passwords = Array.from({ length: 8 }, (_, nr) => `a brand new pass phrase ${nr}`);
    const answers = await Promise.all(passwords.map((password) => json({ method: 'password', password })));
    const taken = passwords.filter((_, nr) => answers[nr]!.status === 200);
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(await people.eventsOf(id)).toHaveLength(taken.length);
    const works = await Promise.all(passwords.map((password) => logsIn(email, password)));
    expect(passwords.filter((_, nr) => works[nr])).toHaveLength(1);
    expect(taken).toContain(passwords[works.indexOf(true)]);
    expect(await app.sql('SELECT state FROM settings_flow WHERE id = $1', [flow.id])).toEqual([{ state: 'success' }]);
  });

  /** Devise CVE-2026-32700: two concurrent address changes left the token of one with the address of the other. */
  test('two addresses for one identity: traits, identifier and address always agree', async () => {
    const { id, email, json } = await people.browser();
    for (let round = 0; round < 10; round++) {
      const moved = [`a${round}.${email}`, `b${round}.${email}`];
      const answers = await Promise.all(
        moved.map((address) => json({ method: 'profile', traits: { email: address } })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const [row] = await app.sql<Record<string, string[]>>(
        `SELECT ARRAY[traits->>'email'] || ARRAY(SELECT value FROM recovery_address WHERE identity_id = i.id)
           || ARRAY(SELECT value FROM verifiable_address WHERE identity_id = i.id)
           || ARRAY(SELECT DISTINCT value FROM credential_identifier WHERE identity_id = i.id) AS all FROM identity i WHERE id = $1`,
        [id],
      );
      expect(row!['all']).toHaveLength(4);
      expect(new Set(row!['all']).size).toBe(1);
      expect(moved).toContain(row!['all']![0]);
    }
  });

  test.each([
    ['the session is ended', 'UPDATE session SET active = false WHERE identity_id = $1', 401],
    [
      'the session gets too old',
      `UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`,
      403,
    ],
    [
      'the identity is deactivated',
      `UPDATE identity SET state = 'inactive', sessions_valid_from = clock_timestamp() WHERE id = $1`,
      401,
    ],
    ['the identity is deleted', 'DELETE FROM identity WHERE id = $1', 401],
    [
      'the flow expires',
      `UPDATE settings_flow SET expires_at = clock_timestamp() - interval '1 second' WHERE identity_id = $1`,
      410,
    ],
  ])('%s while the password is being hashed: nothing is written', async (_, sql, status) => {
    const { id, json } = await people.browser();
    const answer = await meanwhile(id, json({ method: 'password', password: NEW_PASSWORD }), sql, [id]);
    expect(answer.status).toBe(status);
    expect([await people.passwordOf(id), await people.eventsOf(id)]).toEqual([undefined, []]);
  });

  test('the session gets too old while an address change waits: the old address stays', async () => {
    const { id, email, sessionId, json } = await people.browser();
    const age = `UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE id = $1`;
    const answer = await meanwhile(id, json({ method: 'profile', traits: { email: `moved.${email}` } }), age, [
      sessionId,
    ]);
    expect(answer.status).toBe(403);
    expect((await app.admin().get(`/admin/identities/${id}`)).body.recovery_addresses).toMatchObject([
      { value: email },
    ]);
  });
});

/** Sends the request, waits until it blocks on the identity's row, runs the statement, and releases the lock. */
async function meanwhile(
  identityId: string,
  request: PromiseLike<Answer>,
  sql: string,
  values: unknown[],
): Promise<Answer> {
  const holder = new pg.Client({ connectionString: app.databaseUrl });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM identity WHERE id = $1 FOR UPDATE', [identityId]);
    const answer = Promise.resolve(request);
    await expect
      .poll(
        () => app.sql(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`),
        { timeout: 5000 },
      )
      .toHaveLength(1);
    await holder.query(sql, values);
    await holder.query('COMMIT');
    return await answer;
  } finally {
    await holder.end();
  }
}

async function logsIn(identifier: string, password: string): Promise<boolean> {
  const { body } = await app.publicAgent().get('/self-service/login/api').expect(200);
  const answer = await app
    .publicAgent()
    .post(`/self-service/login?flow=${body.id}`)
    .send({ method: 'password', identifier, password });
  return answer.status === 200;
}
