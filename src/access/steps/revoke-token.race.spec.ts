import type { TestingModule } from '@nestjs/testing';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccessDatabase, accessDatabase, actingAs } from '../../../test/support/access-database.js';
import { TokenUnusable } from '../access.errors.js';
import { AccessTokenService } from '../access.service.js';

let database: AccessDatabase;
let one: TestingModule;
let two: TestingModule;
beforeAll(async () => {
  database = await accessDatabase();
  one = await database.node();
  two = await database.node();
});
afterAll(() => database?.stop());

const SCOPES = ['tokens:write'];

async function make(parent?: string, node = one): Promise<string> {
  const tokens = node.get(AccessTokenService);
  if (parent === undefined) {
    const wanted = { name: 'root', scopes: SCOPES, source: 'command', createdBy: 'ada' } as const;
    return (await tokens.create(wanted)).view.id;
  }
  const wanted = { name: 'child', scopes: SCOPES, source: 'api', createdBy: parent } as const;
  return actingAs(
    { type: 'access_token', id: parent, scopes: SCOPES },
    async () => (await tokens.create(wanted)).view.id,
  );
}

const revoke = (id: string, cascade = true, node = two) => node.get(AccessTokenService).revoke(id, { cascade });

const active = async (ids: readonly string[]): Promise<string[]> => {
  const rows = await database.rows<{ id: string }>(
    'SELECT id FROM access_token WHERE id = ANY ($1::uuid[]) AND revoked_at IS NULL',
    [ids],
  );
  return ids.filter((id) => rows.some((row) => row.id === id));
};

async function waitsForLock(): Promise<void> {
  for (;;) {
    const waiting = await database.rows(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if (waiting.length > 0) return;
    await setTimeout(10);
  }
}

describe('revoking with cascade', () => {
  test('revokes every generation, and no other token', async () => {
    const root = await make();
    const child = await make(root);
    const [grandchild, stranger] = [await make(child), await make()];
    const cousin = await make(stranger);
    expect(await revoke(root)).toEqual({ revoked: true, ended: 3 });
    expect(await active([root, child, grandchild, stranger, cousin])).toEqual([stranger, cousin]);
    const events = await database.rows(
      `SELECT target_id FROM audit_event WHERE action = 'access_token.revoked' AND target_id = ANY ($1) ORDER BY id`,
      [[root, child, grandchild]],
    );
    expect(events).toEqual([{ target_id: root }, { target_id: child }, { target_id: grandchild }]);
  });

  test('continues through tokens that were already revoked, including the first', async () => {
    const root = await make();
    const child = await make(root);
    const grandchild = await make(child);
    await revoke(child, false);
    await revoke(root, false);
    expect(await active([grandchild])).toEqual([grandchild]);
    expect(await revoke(root)).toEqual({ revoked: false, ended: 1 });
    expect(await active([grandchild])).toEqual([]);
  });

  test('a name that looks like a token id does not make a token its child', async () => {
    const root = await make();
    const { view } = await one
      .get(AccessTokenService)
      .create({ name: 'console', scopes: SCOPES, source: 'command', createdBy: root });
    await revoke(root);
    expect(await active([view.id])).toEqual([view.id]);
  });

  test('a token cannot revoke one with more scopes along the way', async () => {
    const root = await make();
    const child = await make(root);
    await database.rows(`UPDATE access_token SET scopes = '["*"]' WHERE id = $1`, [child]);
    const narrow = { type: 'access_token', id: await make(), scopes: SCOPES } as const;
    await expect(actingAs(narrow, () => revoke(root))).rejects.toMatchObject({ status: 403 });
    expect(await active([root, child])).toEqual([root, child]);
  });
});

describe('a creation in progress', () => {
  test('fails if the revocation of its token commits first', async () => {
    const root = await make();
    const holder = await database.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('UPDATE access_token SET revoked_at = clock_timestamp() WHERE id = $1', [root]);
      const creation = make(root).catch((error: unknown) => error);
      await waitsForLock();
      await holder.query('COMMIT');
      expect(await creation).toBeInstanceOf(TokenUnusable);
    } finally {
      holder.release();
    }
    expect(await database.rows('SELECT id FROM access_token WHERE created_by = $1', [root])).toEqual([]);
  });

  test('fails if its token has expired meanwhile', async () => {
    const root = await make();
    await database.rows('UPDATE access_token SET expires_at = clock_timestamp() WHERE id = $1', [root]);
    await expect(make(root)).rejects.toBeInstanceOf(TokenUnusable);
  });

  test('leaves no valid token behind, whichever of two processes is first', async () => {
    for (let round = 0; round < 20; round++) {
      const root = await make();
      const child = await make(root);
      const made = [root, child, child, root].map((parent, i) =>
        make(parent, i % 2 === 0 ? one : two).catch(() => null),
      );
      await Promise.all([revoke(root, true, round % 2 === 0 ? one : two), ...made]);
      const ids = (await Promise.all(made)).filter((id) => id !== null);
      expect(await active([root, child, ...ids]), `round ${round}`).toEqual([]);
    }
  });
});
