import { defineEntity, MikroORM, p } from '@mikro-orm/core';
import { defineConfig } from '@mikro-orm/postgresql';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entities } from '../../src/database/index.js';
import { freshDatabase } from '../support/database.js';

/** Tables that only named statements use. */
const WITHOUT_ENTITY = [
  'address_change',
  'address_history',
  'change_in_flight',
  'code_guess',
  'daily_task',
  'known_network',
  'kratos_import',
  'login_flow',
  'notice_count',
  'rate_limit',
  'recovery_idempotency_key',
  'settings_continuation',
  'social_sign_in_state',
];
/** The migrator's own table. */
const OF_THE_MIGRATOR = ['regain_migration'];

/** For example `text not null`, by `table.column`. */
type Columns = Record<string, string>;
type Entities = readonly ReturnType<typeof defineEntity>[];

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;
let migrated: Columns;
beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  migrated = await readColumns();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function readColumns(): Promise<Columns> {
  const { rows } = await client.query<{ at: string; type: string; nullable: boolean }>(
    `SELECT table_name || '.' || column_name AS at, data_type AS type, is_nullable = 'YES' AS nullable
     FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ at, type, nullable }) => [at, described(type, nullable)]));
}

const SPELLED: Record<string, string> = {
  timestamptz: 'timestamp with time zone',
  int: 'integer',
  bool: 'boolean',
  'text[]': 'ARRAY',
};
const described = (type: string, nullable: boolean): string => `${type} ${nullable ? 'null' : 'not null'}`;

function columnsOf(given: Entities): Columns {
  const orm = new MikroORM(defineConfig({ entities: [...given], dbName: 'none', logger: () => undefined }));
  const all = [...orm.getMetadata().getAll().values()];
  const columns = all.flatMap(({ tableName, props }) =>
    props
      .filter(({ persist }) => persist !== false)
      .map(({ fieldNames, columnTypes, nullable }) => {
        const type = columnTypes[0]!.replace(/\(\d+\)$/, '');
        return [`${tableName}.${fieldNames[0]}`, described(SPELLED[type] ?? type, nullable === true)] as const;
      }),
  );
  return Object.fromEntries(columns);
}

const tableOf = (at: string): string => at.split('.')[0]!;

/** The differences between entities and tables; a column that one side lacks is `missing`. */
function drift(declared: Columns, real: Columns): string[] {
  const known = Object.fromEntries(
    Object.entries(real).filter(([at]) => ![...WITHOUT_ENTITY, ...OF_THE_MIGRATOR].includes(tableOf(at))),
  );
  return [...new Set([...Object.keys(declared), ...Object.keys(known)])]
    .filter((at) => declared[at] !== known[at])
    .map((at) => `${at}: entity ${declared[at] ?? 'missing'}, table ${known[at] ?? 'missing'}`)
    .sort();
}

const ours = (): Entities => entities as unknown as Entities;

test('the entities and the migrated tables have the same columns', () => {
  expect(drift(columnsOf(ours()), migrated)).toEqual([]);
  expect(Object.keys(columnsOf(ours())).length).toBeGreaterThan(80);
});

test('every table has an entity or is listed here', () => {
  const tables = [...new Set(Object.keys(migrated).map(tableOf))];
  const declared = new Set(Object.keys(columnsOf(ours())).map(tableOf));
  expect(tables.filter((table) => !declared.has(table)).sort()).toEqual([...WITHOUT_ENTITY, ...OF_THE_MIGRATOR].sort());
});

test('finds a column that the migrations lack or that has another type', () => {
  const planted = defineEntity({
    name: 'FlowErrorPlanted',
    tableName: 'flow_error',
    properties: {
      id: p.uuid().primary(),
      error: p.json<unknown>().nullable(),
      createdAt: p.text(),
      updatedAt: p.datetime().columnType('timestamptz'),
      forgotten: p.text(),
    },
  });
  const others = ours().filter(({ meta }) => meta.tableName !== 'flow_error');
  expect(drift(columnsOf([...others, planted] as Entities), migrated)).toEqual([
    'flow_error.created_at: entity text not null, table timestamp with time zone not null',
    'flow_error.error: entity jsonb null, table jsonb not null',
    'flow_error.forgotten: entity text not null, table missing',
  ]);
});

test('finds a column or table without an entity', async () => {
  await client.query('BEGIN');
  await client.query('ALTER TABLE identity ADD COLUMN planted text');
  await client.query('CREATE TABLE planted (id uuid PRIMARY KEY)');
  const now = await readColumns();
  await client.query('ROLLBACK');
  expect(drift(columnsOf(ours()), now)).toEqual([
    'identity.planted: entity missing, table text null',
    'planted.id: entity missing, table uuid not null',
  ]);
});
