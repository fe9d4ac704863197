import { expect, test, vi } from 'vitest';
import { Clock } from '../../platform/clock/index.js';
import type { HashKind, HashKinds } from './hash-kinds.js';
import type { Passwords } from './passwords.js';
import { VerificationFloor } from './verification-floor.js';

const SLOW: HashKind = { kind: '$2b$12', hash: '$2b$12$slow' };
const CURRENT: HashKind = { kind: '$2b$08', hash: '$2b$08$current' };

/** Hashes with the costs in `costs`; the clock only moves when the test moves it. */
function floorOver(kinds: HashKind[], costs: Record<string, number>) {
  const held = { kinds };
  const list = vi.fn(async () => held.kinds);
  const cost = vi.fn(async (_clear: string, hash: string | undefined) => costs[hash ?? 'dummy'] ?? 0);
  const needsRehash = (hash: string) => hash !== CURRENT.hash;
  const clock = new Clock();
  let now = 0;
  vi.spyOn(clock, 'monotonic').mockImplementation(() => now);
  const floor = new VerificationFloor(
    { list } as unknown as HashKinds,
    { cost, needsRehash } as unknown as Passwords,
    clock,
  );
  return { floor, list, cost, held, pass: (milliseconds: number) => void (now += milliseconds) };
}

test('there is none while every hash is of the configured kind, and nothing is measured', async () => {
  const { floor, cost } = floorOver([CURRENT], { dummy: 20 });
  expect(await floor.milliseconds()).toBe(0);
  expect(cost).not.toHaveBeenCalled();
});

test('it is one and a half times the cost of the slowest kind', async () => {
  const { floor } = floorOver([CURRENT, SLOW], { dummy: 20, [SLOW.hash]: 100 });
  expect(await floor.milliseconds()).toBe(150);
});

test('it is that of the configured kind if that is the slowest', async () => {
  const { floor } = floorOver([SLOW], { dummy: 20, [SLOW.hash]: 4 });
  expect(await floor.milliseconds()).toBe(30);
});

test('each kind is measured five times, and the fastest run counts, so a busy start is corrected', async () => {
  const costs: Record<string, number> = { dummy: 20, [SLOW.hash]: 900 };
  const { floor, cost, list, pass } = floorOver([SLOW], costs);
  const look = async () => {
    pass(60_000);
    const looks = list.mock.calls.length;
    await floor.milliseconds();
    await vi.waitFor(() => expect(list.mock.calls.length).toBe(looks + 1));
    await new Promise((done) => setImmediate(done));
    return floor.milliseconds();
  };
  expect(await floor.milliseconds()).toBe(1_350);
  costs[SLOW.hash] = 100;
  expect(await look()).toBe(150);
  costs[SLOW.hash] = 500;
  for (let i = 0; i < 5; i++) expect(await look()).toBe(150);
  const measured = (hash: string | undefined) => cost.mock.calls.filter(([, of]) => of === hash).length;
  expect([measured(SLOW.hash), measured(undefined)]).toEqual([5, 5]);
});

test('concurrent callers wait for one measurement', async () => {
  const { floor, list } = floorOver([SLOW], { dummy: 20, [SLOW.hash]: 100 });
  const floors = await Promise.all(Array.from({ length: 8 }, () => floor.milliseconds()));
  expect([list.mock.calls.length, new Set(floors)]).toEqual([1, new Set([150])]);
});

test('newly imported kinds count a minute later, and removed ones no longer; nobody waits for this', async () => {
  const { floor, held, list, pass } = floorOver([CURRENT], { dummy: 20, [SLOW.hash]: 100 });
  await floor.milliseconds();
  held.kinds = [CURRENT, SLOW];
  pass(59_999);
  expect([await floor.milliseconds(), list.mock.calls.length]).toEqual([0, 1]);
  pass(1);
  expect(await floor.milliseconds()).toBe(0);
  await vi.waitFor(async () => expect(await floor.milliseconds()).toBe(150));
  held.kinds = [CURRENT];
  pass(60_000);
  await floor.milliseconds();
  await vi.waitFor(async () => expect(await floor.milliseconds()).toBe(0));
});

test('without a first measurement there is no answer; if a later one fails, the floor stays, and the next caller retries', async () => {
  const { floor, list, pass } = floorOver([SLOW], { dummy: 20, [SLOW.hash]: 100 });
  list.mockRejectedValueOnce(new Error('away'));
  await expect(floor.milliseconds()).rejects.toThrow('away');
  expect(await floor.milliseconds()).toBe(150);
  pass(60_000);
  list.mockRejectedValueOnce(new Error('away'));
  expect(await floor.milliseconds()).toBe(150);
  await vi.waitFor(async () => {
    expect(await floor.milliseconds()).toBe(150);
    expect(list.mock.calls.length).toBe(4);
  });
});
