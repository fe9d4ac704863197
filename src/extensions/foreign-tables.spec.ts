import { expect, test } from 'vitest';
import { foreignTables } from './foreign-tables.js';

const found = (sql: string, migrates = false): string[] => foreignTables(sql, 'ext_vip', { migrates });

test.each([
  'SELECT 1 FROM public.identity',
  'SELECT 1 FROM PUBLIC . "identity"',
  'SELECT 1 FROM public/* ours */.identity',
  'SELECT "a--b" FROM public.identity',
  `SELECT "it's" FROM public.identity WHERE note = 'x'`,
  `SELECT E'\\'' FROM public.identity WHERE note = 'x'`,
  `SELECT $$it's$$ FROM public.identity WHERE note = 'x'`,
  'SELECT $a$--$a$ FROM public.identity',
  `SELECT /* /* */ ' */ 1 FROM public.identity WHERE note = ' '`,
  'DO $$ BEGIN PERFORM 1 FROM public.identity; END $$',
  'DO $a$ BEGIN EXECUTE $b$ DELETE FROM public.identity $b$; END $a$',
])('what names a table of ours is found: %s', (sql) => expect(found(sql)).toEqual(['public.identity']));

test.each([
  ['SELECT 1 FROM regain.public.identity', 'regain.public.identity'],
  ['SELECT 1 FROM "regain"."public"."identity"', 'regain.public.identity'],
  ['SELECT 1 FROM ext_other.thing', 'ext_other.thing'],
  ['SELECT public.identity.id FROM approval', 'public.identity.id'],
  [String.raw`SELECT 1 FROM U&"publi\0063".identity`, 'U&'],
  ['SET LOCAL "search_path" TO public', 'search_path'],
  [`SELECT set_config('search_path', 'public', false)`, 'search_path'],
  [`SET SCHEMA 'public'`, 'SET SCHEMA'],
  [`SET LOCAL SCHEMA 'public'`, 'SET LOCAL SCHEMA'],
  ['ALTER TABLE approval SET SCHEMA public', 'SET SCHEMA'],
  ['SET SESSION AUTHORIZATION postgres', 'SESSION AUTHORIZATION'],
  ['RESET ALL', 'RESET ALL'],
  ['DISCARD ALL', 'DISCARD ALL'],
])('and what leaves the schema: %s', (sql, what) => expect(found(sql)).toEqual([what]));

test.each([
  'SELECT a.id, ext_vip.approval.public FROM approval a WHERE a.public',
  `SELECT note->>'public.identity' FROM approval -- not public.identity`,
  `SELECT '--', E'it\\'s public.identity', /* public.identity */ $1 FROM approval`,
  'INSERT INTO "ext_vip"."approval" ("public") VALUES ($1)',
  `SELECT set_config('app.note', 'x', true)`,
])('what stays in it is fine: %s', (sql) => expect(found(sql)).toEqual([]));

test('only a migration may point to an identity', () => {
  const sql = 'CREATE TABLE approval (identity_id uuid REFERENCES public.identity (id))';
  expect(found(sql, true)).toEqual([]);
  expect(found(sql)).toEqual(['public.identity']);
});
