import pg from 'pg';
import { getRollbackPlans } from 'pg-boss';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { migrate, pendingMigrations } from '../../src/database/index.js';
import { jobQueueIsPending, prepareJobQueue } from '../../src/platform/job-queue/index.js';
import { emptyDatabase } from '../support/database.js';

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let pool: pg.Pool;
beforeAll(async () => {
  database = await emptyDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
});
afterEach(() => pool.query('DROP SCHEMA IF EXISTS regain_queue CASCADE'));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const queues = async () =>
  (await pool.query<{ name: string }>('SELECT name FROM regain_queue.queue ORDER BY name')).rows;

const indexes = async () =>
  (await pool.query(`SELECT indexdef FROM pg_indexes WHERE schemaname = 'regain_queue' ORDER BY indexdef`)).rows;

test('of eight processes that prepare the queue together, one does the work', async () => {
  expect(await jobQueueIsPending(database.url)).toBe(true);
  await Promise.all(Array.from({ length: 8 }, () => prepareJobQueue(database.url)));
  expect(await queues()).toEqual([{ name: 'courier' }, { name: 'courier-sweep' }]);
  expect(await jobQueueIsPending(database.url)).toBe(false);
  expect(await prepareJobQueue(database.url)).toBe(false);
});

test('an empty schema created by another role is used', async () => {
  await pool.query('CREATE SCHEMA regain_queue');
  expect(await prepareJobQueue(database.url)).toBe(true);
  expect(await queues()).toHaveLength(2);
});

test('a missing queue is created, and jobs stay', async () => {
  await prepareJobQueue(database.url);
  await pool.query(`INSERT INTO regain_queue.job (name, data) VALUES ('courier', '{"id": "1"}')`);
  await pool.query(`DELETE FROM regain_queue.queue WHERE name = 'courier-sweep'`);
  expect(await prepareJobQueue(database.url)).toBe(true);
  expect(await queues()).toHaveLength(2);
  expect((await pool.query('SELECT 1 FROM regain_queue.job')).rows).toHaveLength(1);
});

test('a queue of an older version is upgraded, and jobs stay', async () => {
  await prepareJobQueue(database.url);
  const made = await indexes();
  const { rows } = await pool.query<{ version: number }>('SELECT version FROM regain_queue.version');
  await pool.query(getRollbackPlans('regain_queue', rows[0]!.version));
  await pool.query(`INSERT INTO regain_queue.job (name, data) VALUES ('courier', '{"id": "1"}')`);
  expect(await jobQueueIsPending(database.url)).toBe(true);
  expect(await prepareJobQueue(database.url)).toBe(true);
  expect((await pool.query('SELECT version FROM regain_queue.version')).rows).toEqual(rows);
  expect((await pool.query('SELECT 1 FROM regain_queue.job')).rows).toHaveLength(1);
  expect(await jobQueueIsPending(database.url)).toBe(false);
  expect(await indexes()).toEqual(made);
});

test('migrate reports what it did, and what is pending', async () => {
  expect((await pendingMigrations(database.url)).at(-1)).toBe('job-queue');
  expect((await migrate(database.url)).at(-1)).toBe('job-queue');
  expect(await pendingMigrations(database.url)).toEqual([]);
  expect(await migrate(database.url)).toEqual([]);
});
