/** Contained identities that nobody can get back into are shown, listed and warned about. */
import { SchedulerRegistry } from '@nestjs/schedule';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { handOverPeople, type HandOverPeople } from '../support/hand-over-people.js';
import { newLink } from '../support/links.js';
import { codeTo, mailed, nativeFlow, submitTo } from '../support/mail.js';
import type { Person } from '../support/people.js';

let app: TestApp;
let people: HandOverPeople;
let anna: Person;
beforeAll(async () => {
  app = await startTestApp({ config: mailed('code'), deliver: true });
  people = handOverPeople(app);
}, 60_000);
afterAll(() => app?.stop());
beforeEach(async () => void (anna = await people.withPassword()));

const liveGrant = async (): Promise<boolean | undefined> =>
  (await app.admin().get(`/admin/identities/${anna.id}`).expect(200)).body.containment?.live_grant;
const listed = async (contained: string): Promise<boolean> => {
  const { body } = await app.admin().get('/admin/identities').query({ contained, page_size: 500 }).expect(200);
  return (body as { id: string }[]).some(({ id }) => id === anna.id);
};
/** Whether an administrator's grant works, and which of the two lists contain the identity. */
const seen = async () => [await liveGrant(), await listed('true'), await listed('without_grant')];
const STRANDED = [false, true, true];
const REACHABLE = [true, true, false];
const update = (what: string) =>
  app.sql(`UPDATE recovery_grant SET ${what} = clock_timestamp() WHERE identity_id = $1`, [anna.id]);

describe('a contained identity', () => {
  test.each(['revoked_at', 'expires_at'])('is without a grant once its grant is over (%s)', async (what) => {
    await people.issued(anna, 'link', { contain: true });
    expect(await seen()).toEqual(REACHABLE);
    await update(what);
    expect(await seen()).toEqual(STRANDED);
    await newLink(app, anna.id);
    expect(await seen()).toEqual(REACHABLE);
    await app.admin().delete(`/admin/identities/${anna.id}/containment`).expect(204);
    expect(await seen()).toEqual([undefined, false, false]);
  });

  test('is not listed as such during a recovery, and is again if that was not finished', async () => {
    await (await people.issued(anna, 'code', { contain: true })).redeem();
    expect(await seen()).toEqual([false, true, false]);
    await people.lapse(anna);
    expect(await seen()).toEqual(STRANDED);
  });

  test('has none through a self-service mail', async () => {
    await people.issued(anna, 'link', { contain: 'keep_mail' });
    await update('revoked_at');
    const flow = await nativeFlow(app);
    await submitTo(app, flow, { method: 'code', email: anna.email }).expect(200);
    expect(await codeTo(app, anna.email)).not.toBe('');
    expect(await seen()).toEqual(STRANDED);
  });

  test('can only be listed in these two ways', async () => {
    for (const contained of ['false', 'all', '1', 'TRUE', 'without-grant'])
      await app.admin().get('/admin/identities').query({ contained }).expect(400);
  });
});

describe('the log', () => {
  const run = (on = app): Promise<void> =>
    on.get(SchedulerRegistry).getCronJob('warn about contained identities').fireOnTick() as unknown as Promise<void>;
  const warnings = (...nodes: TestApp[]): { identities: number; level: number }[] =>
    nodes
      .flatMap(({ log }) => log.map((line) => JSON.parse(line) as { identities: number; level: number; msg: string }))
      .filter(({ msg }) => msg.startsWith('contained identities have no working recovery link'));

  test('are counted in a warning, once a day, by one node; no warning without any', async () => {
    const other = await startTestApp({ config: mailed('code'), databaseUrl: app.databaseUrl, deliver: true });
    try {
      await app.sql(`UPDATE identity SET contained_at = NULL, contained_by = NULL, containment = NULL`);
      await app.sql('DELETE FROM daily_task');
      await run();
      expect(warnings(app, other)).toEqual([]);
      await people.issued(anna, 'link', { contain: true });
      await run();
      expect(warnings(app, other)).toEqual([]);
      await update('revoked_at');
      const day = async () => {
        await Promise.all([run(app), run(other), run(app), run(other)]);
        await run(other);
      };
      await day();
      expect(warnings(app, other)).toMatchObject([{ level: 40, identities: 1 }]);
      await app.sql(`UPDATE daily_task SET done_at = done_at - interval '23 hours 59 minutes'`);
      await day();
      expect(warnings(app, other)).toHaveLength(1);
      await app.sql(`UPDATE daily_task SET done_at = done_at - interval '1 minute'`);
      await day();
      expect(warnings(app, other)).toHaveLength(2);
    } finally {
      await other.stop();
    }
  });
});
