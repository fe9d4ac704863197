import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

/* Every statement that creates a session, or gives one a new token, must check the identity's row for admission. */

const SRC = join(import.meta.dirname, '../../src');
const MAKES = /\binsertSession\(|INSERT INTO session\s*\(|UPDATE session\b[^`]*\btoken_digest\s*=/;
/** Redemptions check with `mayRecover`, which uses `admitsGrant`; `opensToOlder` is for sessions without a proof. */
const ASKS = /\b(admits|mayRecover|opensToOlder)\(/;
/** Files with fragments that other statements assemble. */
const PARTS = ['session/sql.ts', 'recovery/hot/consequences.ts'];

interface Source {
  path: string;
  text: string;
}

const unguarded = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ path, text }) => !PARTS.includes(path) && MAKES.test(text) && !ASKS.test(text))
    .map(({ path }) => path);

const sources = globSync('**/*.ts', { cwd: SRC })
  .filter((path) => !path.endsWith('.spec.ts'))
  .map((path) => ({ path: relative(SRC, join(SRC, path)), text: readFileSync(join(SRC, path), 'utf8') }));

/** The redemption statements: those that use `consequences`. */
const redemptions = sources.filter(({ path, text }) => !PARTS.includes(path) && /\bconsequences\(/.test(text));

test('every statement that creates or confirms a session checks the identity’s row', () => {
  const makers = sources.filter(({ text }) => MAKES.test(text)).map(({ path }) => path);
  expect(makers.sort()).toEqual([
    'recovery/hot/consequences.ts',
    'self-service/login/hot/complete-login.ts',
    'session/hot/issue-session.ts',
    'session/sql.ts',
  ]);
  expect(unguarded(sources)).toEqual([]);
});

test('every redemption checks it', () => {
  expect(redemptions.map(({ path }) => path).sort()).toEqual([
    'recovery/hot/redeem-code.ts',
    'recovery/hot/redeem-link.ts',
  ]);
  expect(redemptions.filter(({ text }) => !ASKS.test(text))).toEqual([]);
});

test.each([
  ['the fragment', "session_ AS (${insertSession({ from: 'x' })})"],
  ['plain SQL', 'INSERT INTO session (id) VALUES ($1)'],
  ['a new token', 'UPDATE session SET token_digest = $1 WHERE id = $2'],
])('finds an unguarded statement: %s', (_, text) => {
  expect(unguarded([{ path: 'some/where.ts', text }])).toEqual(['some/where.ts']);
});
