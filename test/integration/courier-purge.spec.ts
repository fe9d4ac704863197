import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CourierPurge } from '../../src/courier/index.js';
import type { Database } from '../../src/platform/database/index.js';
import { PurgeService } from '../../src/purge/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { storedMessages, writeMessages } from '../support/outbox.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
beforeEach(() => app.sql('DELETE FROM courier_message'));
afterAll(() => app.stop());

const HOUR = 3_600;
const purge = () => app.get(PurgeService).run(HOUR);

/**
 * A message written `written` hours ago and last changed `changed` hours ago. It expires 72 hours after it was written.
 */
async function message(status: string, hours: { written: number; changed: number }): Promise<string> {
  const [{ id } = { id: '' }] = await writeMessages(app.sql, [`${status}@example.com`]);
  const ended = status !== 'queued' && status !== 'processing';
  await app.sql(
    `UPDATE courier_message SET status = $2, secret = CASE WHEN $5 THEN NULL ELSE secret END, key_id = CASE WHEN $5 THEN NULL ELSE key_id END,
       created_at = clock_timestamp() - make_interval(hours => $3), updated_at = clock_timestamp() - make_interval(hours => $4),
       due_at = clock_timestamp() - make_interval(hours => $4), expires_at = clock_timestamp() + make_interval(hours => 72 - $3)
     WHERE id = $1`,
    [id, status, hours.written, hours.changed, ended],
  );
  return id;
}

const left = async () => (await storedMessages(app.sql)).map(({ id, status }) => [id, status]);

test.each([
  ['queued', { written: 71, changed: 71 }],
  ['queued', { written: 71, changed: 2 }],
  ['processing', { written: 71, changed: 2 }],
])('an unexpired message that is %s stays, however short the retention: %j', async (status, hours) => {
  const id = await message(status, hours);
  await purge();
  expect(await left()).toEqual([[id, status]]);
});

test.each(['sent', 'abandoned', 'suppressed'])(
  'a message that is %s is removed when its retention after the end is over',
  async (status) => {
    await message(status, { written: 3, changed: 2 });
    const young = await message(status, { written: 71, changed: 0 });
    await purge();
    expect(await left()).toEqual([[young, status]]);
  },
);

test('an unsent message ends when it expires; its age counts from then', async () => {
  const [queued, held] = [
    await message('queued', { written: 100, changed: 100 }),
    await message('processing', { written: 100, changed: 90 }),
  ];
  await purge();
  expect((await left()).sort()).toEqual(
    [
      [queued, 'abandoned'],
      [held, 'abandoned'],
    ].sort(),
  );
  await app.sql(`UPDATE courier_message SET updated_at = updated_at - interval '2 hours' WHERE id = $1`, [queued]);
  await purge();
  expect(await left()).toEqual([[held, 'abandoned']]);
});

test('the purge uses the index of ended messages', async () => {
  const statements: string[] = [];
  const statement = (_name: string, sql: string) => Promise.resolve((statements.push(sql), []));
  for (const each of new CourierPurge({ statement } as unknown as Database).purgeables()) await each.purge(10, HOUR);
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  await client.query('SET enable_seqscan = off; SET enable_sort = off');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statements.at(-1)}`, [10, HOUR]);
  await client.end();
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Index Scan using courier_message_ended/);
  expect(plan).not.toContain('Sort');
});
