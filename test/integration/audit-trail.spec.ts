import { randomUUID } from 'node:crypto';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessTokenService } from '../../src/access/index.js';
import { AuditService, presentAuditEvent, readAuditFilter } from '../../src/audit/index.js';
import { Refusals } from '../../src/audit/refusals.js';
import { detailValue, eventValues, insertEvent } from '../../src/audit/sql.js';
import { Database, named } from '../../src/platform/database/index.js';
import { type AccessDatabase, accessDatabase, actingAs } from '../support/access-database.js';

const ADA = { type: 'access_token', id: 'token-1', label: 'desk' } as const;

let database: AccessDatabase;
let node: TestingModule;
let audit: AuditService;
beforeAll(async () => {
  database = await accessDatabase();
  node = await database.node();
  audit = node.get(AuditService);
});
afterAll(() => database?.stop());

interface Row {
  action: string;
  outcome: string;
  reason: string | null;
  target_id: string | null;
  [column: string]: unknown;
}

const rowsOf = (action: string): Promise<Row[]> =>
  database.rows<Row>('SELECT * FROM audit_event WHERE action = $1 ORDER BY id', [action]);

const WHO = {
  actor_type: 'access_token',
  actor_id: 'token-1',
  actor_label: 'desk',
  reason: 'drill',
  ticket: 'T-1',
  request_id: 'request-1',
  network: '192.0.2.7',
  user_agent: 'spec',
};

describe('an event', () => {
  test('records what happened, who did it, from where and why', async () => {
    const grantId = '5c1d2e3f-4a5b-4c6d-8e7f-901234567890';
    await actingAs(ADA, () =>
      audit.recordAlone({ action: 'a.full', outcome: 'success', targetType: 'identity', targetId: 'i-1', grantId }),
    );
    const [row] = await rowsOf('a.full');
    expect(row).toMatchObject({
      ...WHO,
      outcome: 'success',
      target_type: 'identity',
      target_id: 'i-1',
      grant_id: grantId,
    });
    expect(row!['at']).toBeInstanceOf(Date);
  });

  test('outside a request belongs to the system and contains nothing made up', async () => {
    await audit.recordAlone({ action: 'a.system', outcome: 'success' });
    expect(await rowsOf('a.system')).toMatchObject([
      {
        actor_type: 'system',
        actor_id: null,
        reason: null,
        request_id: null,
        network: null,
        user_agent: null,
        target_id: null,
      },
    ]);
  });

  test('has a detail only if there is one', async () => {
    const detail = { method: 'oidc', provider: 'acme' } as const;
    await audit.recordAlone({ action: 'a.detail', outcome: 'success', detail });
    await audit.recordAlone({ action: 'a.detail', outcome: 'success', detail: { provider: 'acme' } });
    await audit.recordAlone({ action: 'a.detail', outcome: 'success' });
    expect((await rowsOf('a.detail')).map((row) => row['detail'])).toEqual([detail, { provider: 'acme' }, null]);
    expect(
      await database.rows(`SELECT jsonb_typeof(detail) AS type FROM audit_event WHERE action = 'a.detail' ORDER BY id`),
    ).toEqual([{ type: 'object' }, { type: 'object' }, { type: null }]);
  });

  test('shows only those details that the API documents', async () => {
    const [ours, others] = [
      { method: 'oidc', provider: 'acme' },
      { provider: 'acme', subject: 'of-a-person' },
    ];
    for (const detail of [ours, others])
      await database.rows(
        `INSERT INTO audit_event (id, actor_type, action, outcome, detail) VALUES ($1, 'system', 'a.shown', 'success', $2)`,
        [randomUUID(), detail],
      );
    const { events } = await audit.list(readAuditFilter({ action: 'a.shown' }));
    const shown = events.map((event) => JSON.stringify(presentAuditEvent(event).detail)).sort();
    expect(shown).toEqual(['{"method":"oidc","provider":"acme"}', '{"provider":"acme"}']);
  });

  test('is rolled back with its transaction', async () => {
    const work = node.get(Database).transaction(async (em) => {
      await audit.record(em, { action: 'a.undone', outcome: 'success' });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await rowsOf('a.undone')).toEqual([]);
  });

  test('written as part of a statement gives the same row', async () => {
    const sql = insertEvent({
      from: '(VALUES (1), (2)) AS source_ (n)',
      id: 'gen_random_uuid()',
      action: `'a.fragment'`,
      targetType: `'number'`,
      targetId: 'source_.n::text',
    });
    const values = await actingAs(ADA, () => Promise.resolve(eventValues({ ...WHO_CONTEXT, actor: ADA })));
    await node.get(Database).run(named('spec_fragment', `WITH event_ AS (${sql}) SELECT 1`), values);
    const rows = await rowsOf('a.fragment');
    expect(rows.map((row) => row.target_id).sort()).toEqual(['1', '2']);
    for (const row of rows) expect(row).toMatchObject({ ...WHO, outcome: 'success', grant_id: null, detail: null });
    expect(sql).not.toContain('detail');
  });

  test('written as part of a statement can have a detail too', async () => {
    const sql = insertEvent({
      from: '(SELECT 1) AS source_',
      id: 'gen_random_uuid()',
      action: `'a.fragment_detail'`,
      targetType: `'number'`,
      targetId: `'1'`,
      detail: ':detail::jsonb',
    });
    const detail = { method: 'oidc', provider: 'acme' } as const;
    const values = { ...eventValues({ ...WHO_CONTEXT, actor: ADA }), detail: detailValue(detail) };
    await node.get(Database).run(named('spec_fragment_detail', `WITH event_ AS (${sql}) SELECT 1`), values);
    expect(await rowsOf('a.fragment_detail')).toMatchObject([{ ...WHO, detail }]);
  });

  test.each(['UPDATE audit_event SET actor_id = NULL', 'DELETE FROM audit_event', 'TRUNCATE audit_event'])(
    'cannot be changed or removed: %s',
    async (sql) => {
      await expect(database.rows(sql)).rejects.toMatchObject({ code: '42501' });
    },
  );
});

const WHO_CONTEXT = { requestId: 'request-1', network: '192.0.2.7', userAgent: 'spec', reason: 'drill', ticket: 'T-1' };

describe('a refusal', () => {
  test('is written outside the transaction that it ends', async () => {
    const work = node.get(Database).transaction(() => {
      audit.refused('r.inside', 'identity', 'i-9');
      return Promise.reject(new Error('refused'));
    });
    await expect(work).rejects.toThrow('refused');
    await node.get(Refusals).flush();
    expect(await rowsOf('r.inside')).toMatchObject([
      { outcome: 'refused', target_id: 'i-9', reason: 'refused 1 time' },
    ]);
  });

  test('is counted; a flood gives one row at once and one for the rest', async () => {
    await actingAs(ADA, () =>
      Promise.resolve(Array.from({ length: 500 }, () => audit.refused('r.flood', 'route', 'x'))),
    );
    await node.get(Refusals).flush();
    expect((await rowsOf('r.flood')).map((row) => row.reason)).toEqual(['refused 1 time', 'refused 499 times']);
  });

  test('is counted by caller and target: no row counts another one', async () => {
    const bob = { type: 'access_token', id: 'token-2', label: 'other' } as const;
    for (let i = 0; i < 8; i++) await actingAs(ADA, async () => audit.refused('r.mixed', 'route', 'GET /one'));
    for (let i = 0; i < 2; i++) await actingAs(bob, async () => audit.refused('r.mixed', 'route', 'GET /one'));
    await actingAs(bob, async () => audit.refused('r.mixed', 'route', 'GET /two'));
    await node.get(Refusals).flush();
    const rows = (await rowsOf('r.mixed')).map((row) => `${String(row['actor_id'])} ${row.target_id} ${row.reason}`);
    expect(rows.sort()).toEqual([
      'token-1 GET /one refused 1 time',
      'token-1 GET /one refused 7 times',
      'token-2 GET /one refused 1 time',
      'token-2 GET /one refused 1 time',
      'token-2 GET /two refused 1 time',
    ]);
  });

  test('of too many callers and targets names none of them, but counts all', async () => {
    for (let i = 0; i < 300; i++) {
      const actor = { type: 'access_token', id: `many-${i % 100}` } as const;
      await actingAs(actor, async () => audit.refused('r.many', 'identity', `m-${i}`));
    }
    await node.get(Refusals).flush();
    const rows = await rowsOf('r.many');
    expect(rows.length).toBeLessThan(20);
    const named = rows.filter((row) => row['actor_type'] !== 'several');
    for (const row of named) expect(`many-${Number(row.target_id?.slice(2)) % 100}`).toBe(row['actor_id']);
    for (const row of rows.filter((each) => !named.includes(each)))
      expect(row).toMatchObject({
        actor_id: null,
        target_type: 'identity',
        target_id: null,
        request_id: null,
        ticket: null,
      });
    const counts = rows.map((row) => Number(/\d+/.exec(row.reason ?? '')?.[0]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300);
  });

  test('is counted by its detail: no row counts another provider', async () => {
    for (const provider of ['acme', 'other', 'acme', 'acme']) audit.refused('r.detail', 'x', 'x', { provider });
    audit.refused('r.detail', 'x', 'x', { method: 'password' });
    audit.refused('r.detail');
    await node.get(Refusals).flush();
    const rows = (await rowsOf('r.detail')).map((row) => `${JSON.stringify(row['detail'])} ${row.reason}`);
    expect(rows.sort()).toEqual([
      'null refused 1 time',
      '{"method":"password"} refused 1 time',
      '{"provider":"acme"} refused 1 time',
      '{"provider":"acme"} refused 2 times',
      '{"provider":"other"} refused 1 time',
    ]);
  });

  test('the rest is written on its own after a second', async () => {
    for (let i = 0; i < 3; i++) audit.refused('r.later');
    await expect
      .poll(async () => (await rowsOf('r.later')).map((row) => row.reason), { timeout: 5000 })
      .toEqual(['refused 1 time', 'refused 2 times']);
  });

  test('never throws, even while the database is down', async () => {
    const own = await accessDatabase();
    const other = await own.node();
    await own.lose();
    other.get(AuditService).refused('r.away');
    await other.get(Refusals).flush();
    await own.stop();
    expect(await rowsOf('r.away')).toEqual([]);
  });

  test('of a token that requests scopes beyond its own names the caller', async () => {
    const wider = { name: 'wider', scopes: ['*'], source: 'api', createdBy: 'token-1' } as const;
    const work = actingAs({ ...ADA, scopes: ['tokens:write'] }, () => node.get(AccessTokenService).create(wider));
    await expect(work).rejects.toMatchObject({ status: 403 });
    await node.get(Refusals).flush();
    expect(await rowsOf('access_token.created')).toMatchObject([
      { outcome: 'refused', actor_id: 'token-1', reason: 'refused 1 time' },
    ]);
  });
});

describe('reading', () => {
  const list = (filter: Parameters<typeof readAuditFilter>[0]) => audit.list(readAuditFilter(filter));

  test('the pages give every event once, newest first, even while more are written', async () => {
    for (let i = 0; i < 25; i++) await audit.recordAlone({ action: 'p.page', outcome: 'success', targetId: `t-${i}` });
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await list({
        action: 'p.page',
        page_size: '7',
        ...(token === undefined ? {} : { page_token: token }),
      });
      seen.push(...page.events.map((event) => event.targetId ?? ''));
      token = page.nextPageToken;
      await audit.recordAlone({ action: 'p.page', outcome: 'success', targetId: 'new' });
    } while (token !== undefined);
    expect(seen).toHaveLength(25);
    expect(new Set(seen)).toEqual(new Set(Array.from({ length: 25 }, (_, i) => `t-${i}`)));
    expect(seen.slice(0, 5)).toContain('t-24');
  });

  test('a full last page has no next page', async () => {
    for (let i = 0; i < 4; i++) await audit.recordAlone({ action: 'p.exact', outcome: 'success' });
    expect((await list({ action: 'p.exact', page_size: '4' })).nextPageToken).toBe(undefined);
  });

  test('by target, by actor and by time', async () => {
    await actingAs({ type: 'operator', id: 'grace' }, () =>
      audit.recordAlone({ action: 'f.one', outcome: 'success', targetId: 'i-7' }),
    );
    const [{ at } = { at: '' }] = await database.rows<{ at: string }>(
      `SELECT at::text AS at FROM audit_event WHERE action = 'f.one'`,
    );
    const exactly = at
      .replace(' ', 'T')
      .replace(/\+00$/, 'Z')
      .replace(/(\.\d{3})\d*/, '$1');
    const after = new Date(Date.parse(exactly) + 1).toISOString();
    const actions = async (filter: object): Promise<string[]> =>
      (await list(filter)).events.map(({ action }) => action);
    expect(await actions({ target_id: 'i-7' })).toEqual(['f.one']);
    expect(await actions({ actor_id: 'grace' })).toEqual(['f.one']);
    expect(await actions({ since: exactly, action: 'f.one' })).toEqual(['f.one']);
    expect(await actions({ until: exactly, action: 'f.one' })).toEqual([]);
    expect(await actions({ since: after, action: 'f.one' })).toEqual([]);
    expect(await actions({ until: after, action: 'f.one' })).toEqual(['f.one']);
    expect(await actions({ target_id: `i-7' OR 'a' = 'a` })).toEqual([]);
  });

  test('rows whose id and time differ by hours are found by time', async () => {
    const ahead = '0f000000-0000-7000-8000-000000000000';
    await database.rows(
      `INSERT INTO audit_event (id, at, actor_type, action, outcome) SELECT $1, to_timestamp(x'0f0000000000'::bigint / 1000.0) + interval '3 hours', 'system', 'f.skew', 'success'`,
      [ahead],
    );
    const [row] = await database.rows<{ at: Date }>(`SELECT at FROM audit_event WHERE action = 'f.skew'`);
    const around = {
      since: new Date(row!.at.getTime() - 1000).toISOString(),
      until: new Date(row!.at.getTime() + 1000).toISOString(),
    };
    expect((await list({ ...around, action: 'f.skew' })).events).toHaveLength(1);
  });
});
