import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Purgeable } from '../../src/platform/database/index.js';
import { ErrorsPurge } from '../../src/self-service/errors/errors.purge.js';
import { LoginPurge } from '../../src/self-service/login/login.purge.js';
import { SessionPurge } from '../../src/session/session.purge.js';
import { sessionDatabase, type SessionDatabase } from '../support/session-database.js';

const HOUR = 3600;
let database: SessionDatabase;
let identityId: string;

beforeAll(async () => {
  database = await sessionDatabase();
  identityId = await database.person();
});
afterAll(() => database?.stop());

/** A row that ended `hoursAgo` hours ago. */
const makers: Record<string, (hoursAgo: number) => Promise<unknown>> = {
  session: (hoursAgo) =>
    database.rows(
      `INSERT INTO session (id, token_digest, identity_id, origin, expires_at) VALUES ($1, $2, $3, 'login', clock_timestamp() - make_interval(hours => $4))`,
      [randomUUID(), randomBytes(32), identityId, hoursAgo],
    ),
  login_flow: (hoursAgo) =>
    database.rows(
      `INSERT INTO login_flow (id, type, request_url, expires_at) VALUES ($1, 'api', '', clock_timestamp() - make_interval(hours => $2))`,
      [randomUUID(), hoursAgo],
    ),
  flow_error: (hoursAgo) =>
    database.rows(
      `INSERT INTO flow_error (id, error, created_at) VALUES ($1, '{}', clock_timestamp() - make_interval(hours => $2))`,
      [randomUUID(), hoursAgo],
    ),
};

const SOURCES = { session: SessionPurge, login_flow: LoginPurge, flow_error: ErrorsPurge };
const purgeable = (table: string): Purgeable =>
  new SOURCES[table as keyof typeof SOURCES](database.db).purgeables()[0]!;

const left = async (table: string): Promise<number> => (await database.rows(`SELECT 1 FROM ${table}`)).length;

test.each(['session', 'login_flow', 'flow_error'])(
  '%s: only rows past their retention are removed, in batches',
  async (table) => {
    for (const hoursAgo of [-1, 1, 3, 4, 5]) await makers[table]!(hoursAgo);

    expect(await purgeable(table).purge(2, 2 * HOUR)).toBe(2);
    expect(await left(table)).toBe(3);
    expect(await purgeable(table).purge(2, 2 * HOUR)).toBe(1);
    expect(await purgeable(table).purge(2, 2 * HOUR)).toBe(0);
    expect(await left(table)).toBe(2);
  },
);

const MONTH = 720 * HOUR;

/* Anyone can create these as fast as they like. */
test.each(['login_flow', 'flow_error'])('%s: unused rows are kept for at most a day', async (table) => {
  await database.rows(`DELETE FROM ${table}`);
  for (const hoursAgo of [1, 23, 25, 100]) await makers[table]!(hoursAgo);
  expect(await purgeable(table).purge(10, MONTH)).toBe(2);
  expect(await left(table)).toBe(2);
});

test('a completed login flow is kept as long as configured', async () => {
  await database.rows('DELETE FROM login_flow');
  await makers['login_flow']!(25);
  await database.rows('UPDATE login_flow SET completed_at = clock_timestamp(), identity_id = $1', [identityId]);
  for (const each of new LoginPurge(database.db).purgeables()) expect(await each.purge(10, MONTH)).toBe(0);
  for (const each of new LoginPurge(database.db).purgeables()) await each.purge(10, 24 * HOUR);
  expect(await left('login_flow')).toBe(0);
});

test.each(['session', 'login_flow', 'flow_error'])('%s: two nodes at once share the work', async (table) => {
  await database.rows(`DELETE FROM ${table}`);
  for (let i = 0; i < 20; i++) await makers[table]!(3);

  const bites = await Promise.all([10, 10].map((limit) => purgeable(table).purge(limit, HOUR)));
  expect(bites).toEqual([10, 10]);
  expect(await left(table)).toBe(0);
});
