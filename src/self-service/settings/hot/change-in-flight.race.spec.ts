import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../../test/support/app.js';
import { ChangeInFlight } from './change-in-flight.js';

let nodes: TestApp[];
beforeAll(async () => {
  const first = await startTestApp();
  nodes = [first, await startTestApp({ databaseUrl: first.databaseUrl })];
});
afterAll(async () => {
  for (const node of nodes.toReversed()) await node.stop();
});

const on = (node: number): ChangeInFlight => nodes[node % 2]!.get(ChangeInFlight);

/** Of many at once, over two nodes: how many ran, how many at the same time at most, and what the others were told. */
async function together(identities: string[], times: number) {
  let [running, most, ran] = [0, 0, 0];
  const change = async (): Promise<void> => {
    most = Math.max(most, ++running);
    ran++;
    await setTimeout(300);
    running--;
  };
  const all = Array.from({ length: times }, (_, at) => on(at).run(identities[at % identities.length]!, change));
  const answers = await Promise.allSettled(all);
  const told = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as { id: string; status: number }] : [],
  );
  return { ran, most, told: [...new Set(told.map(({ id, status }) => `${status} ${id}`))] };
}

test('of eighty changes of one identity at once one runs, over two nodes', async () => {
  expect(await together([randomUUID()], 80)).toEqual({ ran: 1, most: 1, told: ['429 settings_change_running'] });
});

test('changes of others do not wait for it', async () => {
  expect(await together([randomUUID(), randomUUID(), randomUUID()], 3)).toEqual({ ran: 3, most: 3, told: [] });
});

test('the next one may follow, also after one that failed', async () => {
  const id = randomUUID();
  const failing = () => Promise.reject(new Error('no'));
  for (const node of [0, 1, 0]) await expect(on(node).run(id, failing)).rejects.toThrow('no');
  expect(await on(1).run(id, () => Promise.resolve('done'))).toBe('done');
});

test('one whose node died is over after a while', async () => {
  const id = randomUUID();
  const until = (seconds: number) =>
    nodes[0]!.sql(
      `INSERT INTO change_in_flight VALUES ($1, gen_random_uuid(), clock_timestamp() + make_interval(secs => $2))
       ON CONFLICT (identity_id) DO UPDATE SET until = excluded.until`,
      [id, seconds],
    );
  await until(5);
  await expect(on(0).run(id, () => Promise.resolve())).rejects.toMatchObject({
    status: 429,
    headers: { 'retry-after': '1' },
  });
  await until(-1);
  expect(await on(0).run(id, () => Promise.resolve('done'))).toBe('done');
});
