import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../../test/support/app.js';
import { sessionOf } from '../../../../test/support/live-sessions.js';
import { newPerson } from '../../../../test/support/people.js';
import { ChangeInFlight } from './change-in-flight.js';

let nodes: TestApp[];
beforeAll(async () => {
  const first = await startTestApp();
  nodes = [first, await startTestApp({ databaseUrl: first.databaseUrl })];
});
afterAll(async () => {
  for (const node of nodes.toReversed()) await node.stop();
});

const on = (node: number) => ({
  run: <T>(identityId: string, change: () => Promise<T>, sessionId: string = randomUUID()): Promise<T> =>
    nodes[node % 2]!.get(ChangeInFlight).run({ identityId, sessionId }, change),
});

/**
 * For many concurrent changes on two nodes: how many ran, the most at the same time, and the other answers. A change goes on until
 * every other one is running or answered.
 */
async function together(identities: string[], times: number) {
  let [running, most, ran, answered] = [0, 0, 0, 0];
  const allArrived = Promise.withResolvers<void>();
  const arrived = (): void => {
    if (running + answered === times) allArrived.resolve();
  };
  const change = async (): Promise<void> => {
    most = Math.max(most, ++running);
    ran++;
    arrived();
    await allArrived.promise;
  };
  const all = Array.from({ length: times }, (_, at) => on(at).run(identities[at % identities.length]!, change));
  for (const one of all) {
    one.catch(() => {
      answered++;
      arrived();
    });
  }
  const answers = await Promise.allSettled(all);
  const told = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as { id: string; status: number }] : [],
  );
  return { ran, most, told: [...new Set(told.map(({ id, status }) => `${status} ${id}`))] };
}

test('of eighty concurrent changes of one identity, one runs, on two nodes', async () => {
  expect(await together([randomUUID()], 80)).toEqual({ ran: 1, most: 1, told: ['429 settings_change_running'] });
});

test('changes of others do not wait for it', async () => {
  expect(await together([randomUUID(), randomUUID(), randomUUID()], 3)).toEqual({ ran: 3, most: 3, told: [] });
});

test('the next one may follow, even after a failure', async () => {
  const id = randomUUID();
  const failing = () => Promise.reject(new Error('no'));
  for (const node of [0, 1, 0]) await expect(on(node).run(id, failing)).rejects.toThrow('no');
  expect(await on(1).run(id, () => Promise.resolve('done'))).toBe('done');
});

test('a change whose node died times out', async () => {
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

test('in each process, a session has one change in progress, before any query', async () => {
  const [id, session] = [randomUUID(), randomUUID()];
  const open = Promise.withResolvers<void>();
  const first = on(0).run(id, () => open.promise, session);
  await expect(on(0).run(randomUUID(), () => Promise.resolve(), session)).rejects.toMatchObject({ status: 429 });
  open.resolve();
  await first;
});

describe('a change from a session of a later epoch', () => {
  const sessionsOf = async (): Promise<{ id: string; earlier: string; later: string }> => {
    const { id } = await newPerson(nodes[0]!);
    for (let made = 0; made < 2; made++) await sessionOf(nodes[0]!, id);
    const [earlier, later] = await nodes[0]!.sql<{ id: string }>('SELECT id FROM session WHERE identity_id = $1', [id]);
    await nodes[0]!.sql('UPDATE session SET access_epoch = access_epoch + 1 WHERE id = $1', [later!.id]);
    return { id, earlier: earlier!.id, later: later!.id };
  };

  test.each([0, 1])('does not wait for one from an earlier epoch, on node %i', async (node) => {
    const { id, earlier, later } = await sessionsOf();
    const open = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = on(0).run(id, () => (begun.resolve(), open.promise), earlier);
    await begun.promise;
    expect(await on(node).run(id, () => Promise.resolve('done'), later)).toBe('done');
    open.resolve();
    await slow;
  });

  test.each([0, 1])('is not overtaken by one from an earlier epoch, on node %i', async (node) => {
    const { id, earlier, later } = await sessionsOf();
    const open = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = on(0).run(id, () => (begun.resolve(), open.promise), later);
    await begun.promise;
    await expect(on(node).run(id, () => Promise.resolve(), earlier)).rejects.toMatchObject({ status: 429 });
    open.resolve();
    await slow;
    expect(await on(node).run(id, () => Promise.resolve('done'), earlier)).toBe('done');
  });
});
