import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../../test/support/app.js';
import { mailed } from '../../../../test/support/mail.js';
import { TellUnfinished } from './tell-unfinished.js';

const PEOPLE = 250;

let nodes: TestApp[];
beforeAll(async () => {
  const first = await startTestApp({ config: mailed('code') });
  nodes = [first, await startTestApp({ config: mailed('code'), databaseUrl: first.databaseUrl })];
}, 60_000);
afterAll(async () => {
  for (const node of nodes.toReversed()) await node.stop();
});
beforeEach(async () => {
  await sql('DELETE FROM courier_message');
  await sql('DELETE FROM identity');
  await sql(
    `WITH identity_ AS (
       INSERT INTO identity (id, schema_id, traits, hand_over_session_id, hand_over_opened_at, hand_over_until)
       SELECT gen_random_uuid(), 'person', '{}', gen_random_uuid(), clock_timestamp() - interval '1 hour', clock_timestamp() - interval '1 second'
       FROM generate_series(1, $1::integer) RETURNING id)
     INSERT INTO recovery_address (id, identity_id, via, value, normalized)
     SELECT gen_random_uuid(), id, 'email', id || '@example.com', id || '@example.com' FROM identity_`,
    [PEOPLE],
  );
});

const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  nodes[0]!.sql<Row>(text, values);
const run = (node: number): Promise<void> => nodes[node % 2]!.get(TellUnfinished).run();
const told = async (): Promise<{ mails: number; people: number; marked: number }> => {
  const [row] = await sql<{ mails: number; people: number; marked: number }>(
    `SELECT count(*)::int AS mails, count(DISTINCT recipient)::int AS people,
       (SELECT count(*)::int FROM identity WHERE hand_over_told_at IS NOT NULL) AS marked
     FROM courier_message WHERE template_type = 'recovery_unfinished'`,
  );
  return row!;
};
const ALL = { mails: PEOPLE, people: PEOPLE, marked: PEOPLE };

test('six concurrent runs on two nodes notify each person once', async () => {
  await Promise.all(Array.from({ length: 6 }, (_, node) => run(node)));
  await run(0);
  expect(await told()).toEqual(ALL);
});

test('a run that dies half-way leaves nobody marked but not notified; the next one catches up', async () => {
  const [{ recipient }] = (await sql<{ recipient: string }>(
    'SELECT value AS recipient FROM recovery_address ORDER BY random() LIMIT 1',
  )) as [{ recipient: string }];
  await sql(`ALTER TABLE courier_message ADD CONSTRAINT dies CHECK (recipient <> '${recipient}')`);
  await expect(run(0)).rejects.toThrow();
  const { mails, marked } = await told();
  expect(mails).toBe(marked);
  expect(marked).toBeLessThan(PEOPLE);
  await sql('ALTER TABLE courier_message DROP CONSTRAINT dies');
  await run(1);
  expect(await told()).toEqual(ALL);
});

test('a hand-over that is being closed blocks no run and gets no notice', async () => {
  const [{ id }] = (await sql<{ id: string }>('SELECT id FROM identity LIMIT 1')) as [{ id: string }];
  const closing = randomUUID();
  const closed = sql(
    `WITH row_ AS MATERIALIZED (SELECT id FROM identity WHERE id = $1 FOR NO KEY UPDATE),
       wait_ AS MATERIALIZED (SELECT pg_sleep(3), id FROM row_)
     UPDATE identity SET hand_over_until = NULL, external_id = $2 FROM wait_ WHERE identity.id = wait_.id`,
    [id, closing],
  );
  await new Promise((done) => setTimeout(done, 500));
  await run(0);
  await closed;
  await run(0);
  expect(await told()).toEqual({ mails: PEOPLE - 1, people: PEOPLE - 1, marked: PEOPLE - 1 });
});
