import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { storedMessages, writeMessages } from '../../../test/support/outbox.js';
import { Database } from '../../platform/database/index.js';
import { Random } from '../../platform/random/index.js';
import { CourierPurge } from '../courier.purge.js';
import { ClaimMessages } from './claim-messages.js';
import { FinishMessage } from './finish-message.js';
import { PutOffMessages } from './put-off-messages.js';

let app: TestApp;
let claim: ClaimMessages;
let finish: FinishMessage;
let putOff: PutOffMessages;
beforeAll(async () => {
  app = await startTestApp();
  const db = app.get(Database);
  claim = new ClaimMessages(db);
  finish = new FinishMessage(db, new Random());
  putOff = new PutOffMessages(db);
});
beforeEach(async () => {
  await app.sql('TRUNCATE courier_message CASCADE');
  await app.sql('TRUNCATE regain_queue.job');
});
afterAll(() => app.stop());

const write = async (count: number, data: object = {}) =>
  (
    await writeMessages(
      app.sql,
      Array.from({ length: count }, (_, i) => `p${i}@example.com`),
      { data },
    )
  ).map(({ id }) => id);

/** Seconds until the jobs of a message, in order. */
async function jobsOf(id: string): Promise<number[]> {
  const rows = await app.sql<{ in: number }>(
    `SELECT extract(epoch FROM start_after - clock_timestamp())::float8 AS in FROM regain_queue.job
     WHERE name = 'courier' AND data = jsonb_build_object('id', $1::text) AND state = 'created' ORDER BY start_after`,
    [id],
  );
  return rows.map((row) => Math.max(0, Math.round(row.in / 5) * 5)); // tolerates a busy machine
}

describe('a message and its job', () => {
  test('are written together, also for a suppressed message; the job holds only the id', async () => {
    const [id] = await write(1);
    expect(await app.sql('SELECT name, data FROM regain_queue.job')).toEqual([{ name: 'courier', data: { id } }]);
    const broken = writeMessages(app.sql, ['a@example.com'], { template: null as never });
    await expect(broken).rejects.toThrow('null value');
    expect(await app.sql('SELECT 1 FROM regain_queue.job')).toHaveLength(1);
  });

  test('of sixteen claims for 50 messages, each message goes to one', async () => {
    const ids = await write(50);
    const claims = await Promise.all(Array.from({ length: 16 }, () => claim.run(ids, 60)));
    const got = claims.flat().map(({ id }) => id);
    expect(got.sort()).toEqual([...ids].sort());
    expect((await storedMessages(app.sql)).map(({ send_count }) => send_count)).toEqual(ids.map(() => 1));
  });

  test('a job for a claimed message waits for the end of its lease; then the message is free', async () => {
    const [id] = await write(1);
    await claim.run([id!], 40);
    expect(await claim.run([id!], 40)).toEqual([]);
    expect(await jobsOf(id!)).toEqual([0, 40]);
    await app.sql('UPDATE courier_message SET due_at = clock_timestamp()');
    expect((await claim.run([id!], 40)).map((message) => message.send_count)).toEqual([2]);
  });

  test('a process whose lease has ended can no longer fail the message, but can record it as sent', async () => {
    const [id] = await write(1);
    const [late] = await claim.run([id!], 40);
    await app.sql('UPDATE courier_message SET due_at = clock_timestamp()');
    await claim.run([id!], 40);
    await finish.failed(late!, { kind: 'abandoned', error: { message: 'x' } });
    expect((await storedMessages(app.sql))[0]).toMatchObject({ status: 'processing', has_secret: true, errors: [] });
    await finish.sent(id!);
    await finish.sent(id!);
    expect((await storedMessages(app.sql))[0]).toMatchObject({ status: 'sent', has_secret: false });
    expect(await app.sql('SELECT 1 FROM courier_dispatch')).toHaveLength(1);
    expect(await claim.run([id!], 40)).toEqual([]);
  });

  test('a failed message has a job for its next attempt; only a different error adds a row', async () => {
    const [id] = await write(1);
    const fail = async (message: string) => {
      await app.sql('UPDATE courier_message SET due_at = clock_timestamp()');
      const [claimed] = await claim.run([id!], 40);
      await finish.failed(claimed!, { kind: 'retry', error: { message }, inSeconds: 90, counts: false });
    };
    await fail('one');
    await fail('one');
    await fail('two');
    expect((await storedMessages(app.sql))[0]).toMatchObject({
      status: 'queued',
      errors: ['one', 'two'],
      send_count: 3,
      trouble_count: 3,
      has_secret: true,
    });
    expect(await jobsOf(id!)).toEqual([0, 90, 90, 90]);
  });

  test('an abandoned message has no secret and no further job', async () => {
    const [id] = await write(1);
    const [claimed] = await claim.run([id!], 40);
    await finish.failed(claimed!, { kind: 'abandoned', error: { message: 'no', code: 550 } });
    expect((await storedMessages(app.sql))[0]).toMatchObject({
      status: 'abandoned',
      has_secret: false,
      errors: ['no'],
    });
    expect(await jobsOf(id!)).toEqual([0]);
  });
});

describe('postponed messages', () => {
  test('wait along with their jobs; claimed ones are left alone', async () => {
    const [first, second] = await write(2);
    await claim.run([second!], 40);
    await putOff.run([first!, second!], 100, 0);
    expect(await jobsOf(first!)).toEqual([0, 100]);
    expect(await jobsOf(second!)).toEqual([0, 40]);
    expect(await claim.run([first!, second!], 40)).toEqual([]);
  });

  test('get a new job once if theirs was lost, and only then', async () => {
    const [lost, fine, sent] = await write(3);
    await app.sql('TRUNCATE regain_queue.job');
    await finish.sent(sent!);
    await app.sql(`UPDATE courier_message SET due_at = clock_timestamp() - interval '1 hour' WHERE id = ANY ($1)`, [
      [lost, sent],
    ]);
    const found = await Promise.all([putOff.sweep(600, 100), putOff.sweep(600, 100), putOff.sweep(600, 100)]);
    expect(found.sort()).toEqual([0, 0, 1]);
    expect([await jobsOf(lost!), await jobsOf(fine!), await jobsOf(sent!)]).toEqual([[0], [], []]);
  });
});

test('an expired message loses its secret, sent or not; one being delivered is left alone', async () => {
  const ids = await write(3, { minutes: -1 });
  await app.sql(`UPDATE courier_message SET status = 'suppressed' WHERE id = $1`, [ids[0]]);
  await claim.run([ids[1]!], 40);
  const [expire] = app.get(CourierPurge).purgeables();
  expect(await expire!.purge(100, 0)).toBe(2);
  expect(await expire!.purge(100, 0)).toBe(0);
  const rows = await storedMessages(app.sql);
  expect(ids.map((id) => rows.find((row) => row.id === id)).map((row) => [row!.status, row!.has_secret])).toEqual([
    ['suppressed', false],
    ['processing', true],
    ['abandoned', false],
  ]);
});
