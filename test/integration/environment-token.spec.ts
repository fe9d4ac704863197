import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AccessTokenService, EnvironmentTokenInvalid } from '../../src/access/index.js';
import { type AccessDatabase, accessDatabase } from '../support/access-database.js';

const A = 'ory_pat_7Hq2vXk9TzB4mWc1LrY8pNd3GsJ6fUaE';
const B = 'ory_pat_Zp5uRw0QeT7yKi2Mn8Bv4Cx6Ld1SgHjF';

let database: AccessDatabase;
let node: TestingModule;
let tokens: AccessTokenService;
beforeAll(async () => {
  database = await accessDatabase();
  node = await database.node();
  tokens = node.get(AccessTokenService);
});
afterAll(() => database?.stop());
beforeEach(() => database.rows('DELETE FROM access_token'));

const holder = async (token: string): Promise<readonly string[] | undefined> =>
  (await tokens.authenticate(token))?.scopes;

const lastEvents = async (count: number): Promise<string[]> => {
  const rows = await database.rows<{ text: string }>(
    `SELECT action || ' by ' || actor_type AS text FROM audit_event ORDER BY at DESC LIMIT $1`,
    [count],
  );
  return rows.map(({ text }) => text).reverse();
};

describe('REGAIN_ACCESS_TOKEN', () => {
  test('works with full scopes unless fewer are named', async () => {
    expect(await tokens.syncEnvironmentToken(A)).toBe('active');
    expect(await holder(A)).toEqual(['*']);
    expect(await tokens.list()).toMatchObject([
      {
        name: 'environment',
        source: 'environment',
        createdBy: 'REGAIN_ACCESS_TOKEN',
        last4: 'fUaE',
        state: 'active',
        expiresAt: null,
      },
    ]);
    await tokens.syncEnvironmentToken(A, ['identity:read']);
    expect(await holder(A)).toEqual(['identity:read']);
    expect(await lastEvents(2)).toEqual(['access_token.created by system', 'access_token.changed by system']);
  });

  test('the same value at the next start changes nothing', async () => {
    await tokens.syncEnvironmentToken(A, ['identity:read', 'session:read']);
    const before = await database.rows('SELECT * FROM access_token');
    const [events] = await database.rows<{ n: string }>('SELECT count(*) AS n FROM audit_event');
    expect(await tokens.syncEnvironmentToken(A, ['session:read', 'identity:read'])).toBe('active');
    expect(await database.rows('SELECT * FROM access_token')).toEqual(before);
    expect(await database.rows('SELECT count(*) AS n FROM audit_event')).toEqual([events]);
  });

  test('another value replaces it, absence revokes it, and a value may come back', async () => {
    await tokens.syncEnvironmentToken(A);
    await tokens.syncEnvironmentToken(B);
    expect([await holder(A), await holder(B)]).toEqual([undefined, ['*']]);
    expect(await tokens.syncEnvironmentToken(undefined)).toBe('absent');
    expect([await holder(A), await holder(B)]).toEqual([undefined, undefined]);
    expect(await tokens.list()).toMatchObject([{ state: 'revoked' }, { state: 'revoked' }]);
    expect(await tokens.syncEnvironmentToken(A)).toBe('active');
    expect([await holder(A), await holder(B)]).toEqual([['*'], undefined]);
    expect(await lastEvents(1)).toEqual(['access_token.restored by system']);
  });

  test('tokens of other sources are left alone', async () => {
    const { token } = await tokens.create({ name: 'desk', scopes: ['*'], source: 'command', createdBy: 'ada' });
    await tokens.syncEnvironmentToken(A);
    await tokens.syncEnvironmentToken(undefined);
    expect(await holder(token)).toEqual(['*']);
  });

  /** A leaked value would otherwise work again after the next restart. */
  test('a revoked token stays revoked, whatever the variable says', async () => {
    await tokens.syncEnvironmentToken(A);
    const [view] = await tokens.list();
    await tokens.revoke(view!.id);
    expect(await tokens.syncEnvironmentToken(A)).toBe('revoked');
    await tokens.syncEnvironmentToken(undefined);
    expect(await tokens.syncEnvironmentToken(A)).toBe('revoked');
    expect(await holder(A)).toBe(undefined);
  });

  test('many nodes starting at once, some with another value, leave one active token', async () => {
    const other = (await database.node()).get(AccessTokenService);
    for (let round = 0; round < 15; round++) {
      await database.rows('DELETE FROM access_token');
      const starts = Array.from({ length: 8 }, (_, i) =>
        (i % 2 === 0 ? tokens : other).syncEnvironmentToken(i < 4 ? A : B),
      );
      await Promise.all(starts);
      const all = await tokens.list();
      expect(all).toHaveLength(2);
      expect(all.filter(({ state }) => state === 'active')).toHaveLength(1);
    }
  });

  test.each([
    ['empty', ''],
    ['no prefix', A.slice('ory_pat_'.length)],
    ['31 characters', A.slice(0, -1)],
    ['33 characters', `${A}x`],
    ['a dash', `${A.slice(0, -1)}-`],
    ['a line break', `${A}\n`],
    ['an upper-case prefix', A.replace('ory_pat_', 'ORY_PAT_')],
    ['the same character 32 times', `ory_pat_${'A'.repeat(32)}`],
    ['an example of x', `ory_pat_${'xX'.repeat(16)}`],
    ['the alphabet', 'ory_pat_abcdefghijklmnopqrstuvwxyzABCDEF'],
    ['the digits', 'ory_pat_01234567890123456789012345678901'],
  ])('%s stops the start, changes nothing and is not shown', async (_, value) => {
    await tokens.syncEnvironmentToken(A);
    const error: unknown = await tokens.syncEnvironmentToken(value).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnvironmentTokenInvalid);
    const { reason, message } = error as EnvironmentTokenInvalid;
    expect(reason).toMatch(/^REGAIN_ACCESS_TOKEN (must be "ory_pat_" followed|is an example)/);
    if (value !== '') expect(`${reason} ${message}`).not.toContain(value.replace('ory_pat_', ''));
    expect(await holder(A)).toEqual(['*']);
  });

  test.each([[['identity:read', 'all']], [[]], [['']]])('scopes %j stop the start', async (scopes) => {
    await expect(tokens.syncEnvironmentToken(A, scopes)).rejects.toMatchObject({
      reason: expect.stringMatching(/^REGAIN_ACCESS_TOKEN_SCOPES must list/),
    });
    expect(await tokens.list()).toEqual([]);
  });

  test('a token from another source cannot be used in the variable', async () => {
    const { token } = await tokens.create({ name: 'desk', scopes: ['identity:read'], source: 'api', createdBy: 'ada' });
    await expect(tokens.syncEnvironmentToken(token)).rejects.toMatchObject({
      reason: expect.stringContaining('use a new value'),
    });
    expect(await holder(token)).toEqual(['identity:read']);
  });
});
