import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { violations } from './cruise.js';
import { MAY_USE } from './matrix.mjs';
import { LOOKS_UP, OWNER } from './ownership.mjs';
import { foreignTables, mentions, piecesIn, piecesOf, unowned } from './ownership.js';
import { RULES } from './rules.mjs';

const ROOT = join(import.meta.dirname, '../..');

/** The deliberate violations in fixture/. Catches rules that stop firing and rules that fire too often. */
const BROKEN: Record<string, string[]> = {
  'module-matrix-config': ['src/config/asks-too-much.ts → src/audit/index.ts'],
  'module-matrix-database': ['src/database/asks-too-much.ts → src/identity/index.ts'],
  'module-matrix-health': ['src/health/asks-too-much.ts → src/config/index.ts'],
  'module-matrix-openapi': ['src/openapi/asks-too-much.ts → src/config/index.ts'],
  'module-matrix-audit': ['src/audit/asks-too-much.ts → src/identity/index.ts'],
  'module-matrix-access': ['src/access/asks-too-much.ts → src/identity/index.ts'],
  'module-matrix-courier': ['src/courier/asks-too-much.ts → src/identity/index.ts'],
  'module-matrix-identity': ['src/identity/asks-too-much.ts → src/session/index.ts'],
  'module-matrix-session': ['src/session/asks-too-much.ts → src/self-service/index.ts'],
  'module-matrix-self-service': ['src/self-service/asks-too-much.ts → src/recovery/index.ts'],
  'module-matrix-recovery': [
    'src/recovery/asks-too-much.ts → src/purge/index.ts',
    'src/recovery/calls-an-edge.ts → src/pages/index.ts',
  ],
  'module-matrix-kratos-import': ['src/kratos-import/asks-too-much.ts → src/courier/index.ts'],
  'module-matrix-extensions': ['src/extensions/asks-too-much.ts → src/session/index.ts'],
  'module-matrix-purge': ['src/purge/asks-too-much.ts → src/config/index.ts'],
  'module-matrix-pages': [
    'src/pages/asks-for-the-token.ts → src/access/index.ts',
    'src/pages/asks-too-much.ts → src/database/index.ts',
  ],
  'module-matrix-cli': ['src/cli/asks-for-a-room-nobody-knows.ts → src/annex/index.ts'],
  'module-matrix-testing': ['src/testing/asks-too-much.ts → src/session/index.ts'],
  'module-front-door': ['src/recovery/climbs-through-a-window.ts → src/session/session.service.ts'],
  'top-level-front-door': ['src/app.module.ts → src/session/session.service.ts'],
  'platform-front-door': ['src/courier/opens-a-platform-file.ts → src/platform/clock/clock.ts'],
  'platform-inner-doors': ['src/platform/random/opens-the-neighbour.ts → src/platform/clock/clock.ts'],
  'platform-is-a-leaf': ['src/platform/clock/knows-config.ts → src/config/index.ts'],
  'sql-door-is-for-statements': ['src/recovery/uses-sql.ts → src/audit/sql.ts'],
  'privileged-door-is-for-few': ['src/session/reads-credentials.ts → src/identity/privileged.ts'],
  'entities-stay-at-home': ['src/recovery/uses-entities.ts → src/session/persistence/session.entities.ts'],
  'nobody-imports-access': ['src/pages/asks-for-the-token.ts → src/access/index.ts'],
  'edges-are-not-called': ['src/recovery/calls-an-edge.ts → src/pages/index.ts'],
  'machines-are-pure': ['src/recovery/flow/recovery.machine.ts → path'],
  'hot-paths-are-small': ['src/recovery/hot/calls-a-service.ts → src/recovery/recovery.service.ts'],
  'steps-do-not-call-each-other': ['src/recovery/steps/second.ts → src/recovery/steps/first.ts'],
  'no-cycles': ['src/identity/one.ts → src/identity/two.ts'],
  'source-knows-no-tests': ['src/courier/uses-a-test.ts → test/helper.ts'],
  'requests-stay-at-the-edge': ['src/recovery/steps/takes-a-request.ts → ../../../node_modules/fastify/fastify.js'],
  'source-declares-its-packages': [
    'src/purge/imports-a-borrowed-package.ts → ../../../node_modules/es-toolkit/dist/index.d.mts',
  ],
  'every-import-resolves': ['src/courier/leads-nowhere.ts → ./nothing.js'],
};

describe('the fixture', () => {
  let found: string[];
  beforeAll(async () => {
    found = await violations(join(import.meta.dirname, 'fixture'));
  });

  test.each(RULES.map((rule) => rule.name))('%s fires exactly where the fixture breaks it', (name) => {
    const fired = found.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
    expect(fired).toEqual(BROKEN[name]);
  });
});

test('src/ breaks no rule', async () => {
  expect(await violations(ROOT)).toEqual([]);
});

test('every module folder has a row in the matrix', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(Object.keys(MAY_USE)).toEqual(expect.arrayContaining(folders.map((folder) => folder.name)));
  expect(folders.map((folder) => folder.name)).toEqual(expect.arrayContaining(['platform', 'config']));
});

test('the matrix has no cycle: each module uses only modules above it', () => {
  const order = Object.keys(MAY_USE);
  for (const [module, others] of Object.entries(MAY_USE)) {
    for (const other of others) {
      expect(order.indexOf(other), `${module} uses ${other}`).toBeGreaterThanOrEqual(0);
      expect(order.indexOf(other), `${module} uses ${other}`).toBeLessThan(order.indexOf(module));
    }
  }
});

describe('tables', () => {
  const found = (source: string): string[] => foreignTables(piecesIn('src/recovery/hot/x.ts', source));

  test('each has one owner, which is a module', () => {
    expect(unowned(ROOT)).toEqual([]);
    expect(Object.keys(MAY_USE)).toEqual(expect.arrayContaining([...new Set(Object.values(OWNER))]));
  });

  test('are named only by their owner; other modules use its sql.ts', { timeout: 60_000 }, () => {
    const pieces = piecesOf(ROOT);
    expect(pieces.length).toBeGreaterThan(5_000);
    expect(foreignTables(pieces)).toEqual([]);
    const unused = LOOKS_UP.filter(
      ({ file, table }) =>
        !pieces.some(
          ({ place, text }) => place.startsWith(`${file}:`) && mentions(text).some((each) => each.table === table),
        ),
    );
    expect(unused).toEqual([]);
  });

  test.each([
    ['a read', '`SELECT 1 FROM identity WHERE id = $1`', 'identity (identity)'],
    ['a read of two', '`SELECT 1 FROM recovery_grant g, session s WHERE true`', 'session (session)'],
    ['an old-style join', "'SELECT 1 FROM recovery_flow JOIN session_device ON true'", 'session_device (session)'],
    ['a write', "'UPDATE identity_credential SET type = $1'", 'identity_credential (identity)'],
    ['a new row', '`INSERT INTO audit_event (id) VALUES ($1)`', 'audit_event (audit)'],
    ['a lock', '`SELECT 1 FROM ${x} FOR UPDATE OF identity`', 'identity (identity)'],
    ['a column', '`${x} AND identity.state = ${y}`', 'identity (identity)'],
    ['quotes', `'DELETE FROM "login_flow" WHERE id = $1'`, 'login_flow (self-service)'],
    ['a purge', "endedRows(db, { table: 'session' })", 'session (session)'],
    ['a call of readable()', "readable('session', ['id'])", 'session (session)'],
  ])('finds %s of a foreign table', (_, source, expected) => {
    expect(found(`export const it = ${source};`)).toEqual([`src/recovery/hot/x.ts:1: ${expected}`]);
  });

  test.each([
    "'SELECT 1 FROM recovery_grant'",
    '`SELECT 1 FROM identity_ WHERE identity_.id = session_.identity_id`',
    "'Sign out from session after session and update identity data.'",
    "'identity.schemas'",
    "{ targetType: 'identity', action: 'session.login' }",
  ])('finds no table in %s', (source) => {
    expect(found(`export const it = ${source};`)).toEqual([]);
  });
});
