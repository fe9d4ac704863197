import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AccessDatabase, accessDatabase } from '../../../test/support/access-database.js';
import { Duration } from '../../platform/duration/index.js';
import { Unavailable } from '../../platform/errors/index.js';
import { AccessTokenService } from '../access.service.js';
import { NoteTokenUse } from './note-token-use.js';

let database: AccessDatabase;
let one: TestingModule;
let two: TestingModule;
beforeAll(async () => {
  database = await accessDatabase();
  one = await database.node();
  two = await database.node();
});
afterAll(() => database?.stop());

const tokens = (node = one): AccessTokenService => node.get(AccessTokenService);

const make = (expiresIn?: string) =>
  tokens().create({
    name: 'desk',
    scopes: ['identity:read'],
    expiresIn: expiresIn === undefined ? undefined : Duration.parse(expiresIn),
    source: 'command',
    createdBy: 'ada',
  });

describe('authentication', () => {
  test('returns the holder: id, name and scopes, nothing else', async () => {
    const { token, view } = await make();
    expect(await tokens(two).authenticate(token)).toEqual({ id: view.id, name: 'desk', scopes: ['identity:read'] });
  });

  test('every truncation, extension, change of case and change of prefix is refused', async () => {
    const { token } = await make();
    const swap = (c: string): string => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase());
    const wrong = new Set([
      ...Array.from({ length: token.length }, (_, i) => token.slice(0, i)),
      ...Array.from({ length: token.length }, (_, i) => token.slice(i + 1)),
      ...Array.from(token, (c, i) => token.slice(0, i) + swap(c) + token.slice(i + 1)),
      ...[`${token}A`, `${token}=`, `${token}\n`, ` ${token}`, `${token}\0`, token.replace('ory_pat_', 'ory_st_')],
      ...[token.toUpperCase(), token.toLowerCase()],
    ]);
    wrong.delete(token);
    const accepted = [];
    for (const candidate of wrong) if (await tokens().authenticate(candidate)) accepted.push(candidate);
    expect(accepted).toEqual([]);
    expect(wrong.size).toBeGreaterThan(100);
  });

  test("it expires by the database's clock", async () => {
    const { token, view } = await make('1h');
    expect((await tokens().authenticate(token))?.id).toBe(view.id);
    await database.rows('UPDATE access_token SET expires_at = clock_timestamp() WHERE id = $1', [view.id]);
    expect(await tokens().authenticate(token)).toBe(undefined);
  });

  test('uses the index, however many tokens there are', async () => {
    await database.rows(`INSERT INTO access_token (id, digest, name, last4, scopes, source, created_by)
      SELECT gen_random_uuid(), sha256(i::text::bytea), 'many', '0000', '[]', 'command', 'ada' FROM generate_series(1, 5000) i`);
    await database.rows('ANALYZE access_token');
    const plan = await database.rows<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM access_token WHERE digest = sha256('x') AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
    );
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('access_token_digest_unique');
  });
});

describe('revocation and authentication in parallel', () => {
  test('a request that starts after a revocation is refused on either node', async () => {
    for (let round = 0; round < 10; round++) {
      const { token, view } = await make();
      let revoked = false;
      const late: boolean[] = [];
      const early: boolean[] = [];
      const caller = async (node: TestingModule): Promise<void> => {
        for (let i = 0; i < 12; i++) {
          const beganAfter = revoked;
          const accepted = (await tokens(node).authenticate(token)) !== undefined;
          (beganAfter ? late : early).push(accepted);
        }
      };
      const callers = Array.from({ length: 8 }, (_, i) => caller(i % 2 === 0 ? one : two));
      await tokens(round % 2 === 0 ? one : two).revoke(view.id);
      revoked = true;
      await Promise.all(callers);
      await caller(one);
      expect(late.length).toBeGreaterThan(0);
      expect(late).not.toContain(true);
      expect(early).toContain(true);
    }
  });

  test('of many parallel revocations, one takes effect and writes one event', async () => {
    const { view } = await make();
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, i) => tokens(i % 2 === 0 ? one : two).revoke(view.id)),
    );
    expect(results.filter(({ revoked }) => revoked)).toHaveLength(1);
    const events = await database.rows(
      `SELECT 1 FROM audit_event WHERE target_id = $1 AND action = 'access_token.revoked'`,
      [view.id],
    );
    expect(events).toHaveLength(1);
  });

  test('recording a use never restores a revoked token', async () => {
    const { token, view } = await make();
    await Promise.all([tokens().authenticate(token), tokens(two).revoke(view.id), tokens().authenticate(token)]);
    await one.get(NoteTokenUse).beforeApplicationShutdown();
    expect(await tokens().authenticate(token)).toBe(undefined);
  });
});

describe('last use', () => {
  const lastUse = async (id: string): Promise<Date | null> =>
    (await database.rows<{ at: Date | null }>('SELECT last_used_at AS at FROM access_token WHERE id = $1', [id]))[0]!
      .at;

  beforeEach(() => one.get(NoteTokenUse).beforeApplicationShutdown());

  test('is written once per minute by all nodes together', async () => {
    const { token, view } = await make();
    await tokens().authenticate(token);
    await one.get(NoteTokenUse).beforeApplicationShutdown();
    const first = await lastUse(view.id);
    expect(first).toBeInstanceOf(Date);
    await tokens().authenticate(token);
    await tokens(two).authenticate(token);
    await two.get(NoteTokenUse).beforeApplicationShutdown();
    expect(await lastUse(view.id)).toEqual(first);
  });

  test('is written again after the minute', async () => {
    const { token, view } = await make();
    await database.rows(
      `UPDATE access_token SET last_used_at = clock_timestamp() - interval '61 seconds' WHERE id = $1`,
      [view.id],
    );
    const before = await lastUse(view.id);
    await tokens().authenticate(token);
    await one.get(NoteTokenUse).beforeApplicationShutdown();
    expect((await lastUse(view.id))!.getTime()).toBeGreaterThan(before!.getTime() + 60_000);
  });

  test('use of an invalid token is never recorded', async () => {
    const { token, view } = await make();
    await tokens().revoke(view.id);
    await tokens().authenticate(token);
    await one.get(NoteTokenUse).beforeApplicationShutdown();
    expect(await lastUse(view.id)).toBe(null);
  });
});

test('with the database down, valid and invalid tokens get 503', async () => {
  const own = await accessDatabase();
  try {
    const service = tokens(await own.node());
    const { token } = await service.create({ name: 'x', scopes: ['*'], source: 'command', createdBy: 'ada' });
    expect(await service.authenticate(token)).toMatchObject({ name: 'x' });
    await own.lose();
    for (const asked of [token, `ory_pat_${'x'.repeat(32)}`]) {
      await expect(service.authenticate(asked)).rejects.toBeInstanceOf(Unavailable);
    }
  } finally {
    await own.stop();
  }
});
