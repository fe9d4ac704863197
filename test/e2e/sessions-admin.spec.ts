import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { person, signIn } from '../support/sign-in.js';

let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  other = await startTestApp({ databaseUrl: app.databaseUrl });
});
afterAll(async () => {
  await other?.stop();
  await app?.stop();
});

const UNKNOWN = 'b0000000-0000-4000-8000-00000000000b';
const MISSING = { error: { code: 404, status: 'Not Found', message: 'Unable to locate the resource' } };

interface Session {
  readonly id: string;
  readonly token: string;
}
interface Shown {
  readonly id: string;
  readonly active: boolean;
  readonly expires_at: string;
  readonly identity: Record<string, unknown> | null;
  readonly devices: object[] | null;
}

const statusOf = async ({ token }: Session, where = app): Promise<number> =>
  (await where.publicAgent().get('/sessions/whoami').set('x-session-token', token)).status;

async function sessionOf(who: Person): Promise<Session> {
  const token = await signIn(app, who);
  const { body } = await app.publicAgent().get('/sessions/whoami').set('x-session-token', token);
  return { id: (body as { id: string }).id, token };
}

const events = async (who: Person, action: string) =>
  app.sql<{ actor_type: string; reason: string | null }>(
    'SELECT actor_type, reason FROM audit_event WHERE action = $1 AND target_id = $2 ORDER BY id',
    [action, who.id],
  );
const linkOf = (header: unknown, relation: string) =>
  new RegExp(`<([^>]+)>; rel="${relation}"`).exec(String(header))?.[1];

describe('GET /admin/sessions/{id}', () => {
  test('with the requested expansions', async () => {
    const anna = await person(app, { metadata_admin: { secret: true } });
    const { id, token } = await sessionOf(anna);
    const get = async (query: string) => (await app.admin().get(`/admin/sessions/${id}${query}`)).body as Shown;

    expect(await get('')).toMatchObject({ id, active: true, devices: [], identity: null });
    expect((await get('?expand=identity')).devices).toEqual([]);
    expect((await get('?expand=Devices')).identity).toBeNull();
    const all = await get('?expand=identity&expand=devices');
    expect(all).toMatchObject({
      identity: { id: anna.id, metadata_admin: { secret: true }, recovery_addresses: [{ value: anna.email }] },
      devices: [{ ip_address: '127.0.0.1' }],
    });
    expect(all.identity).not.toHaveProperty('credentials');
    expect(JSON.stringify(all)).not.toContain(token.slice(7));
  });

  test('is shown as active only while requests with it succeed', async () => {
    const anna = await person(app);
    const sessions = [await sessionOf(anna), await sessionOf(anna), await sessionOf(anna)] as const;
    await app.sql('UPDATE session SET active = false WHERE id = $1', [sessions[0].id]);
    await app.sql('UPDATE session SET expires_at = clock_timestamp() WHERE id = $1', [sessions[1].id]);
    const active = async () =>
      Promise.all(
        sessions.map(async ({ id }) => ((await app.admin().get(`/admin/sessions/${id}`)).body as Shown).active),
      );
    expect(await active()).toEqual([false, false, true]);
    await app.get(IdentityService).setState(anna.id, 'inactive');
    expect(await active()).toEqual([false, false, false]);
    await app.get(IdentityService).setState(anna.id, 'active');
    expect(await active()).toEqual([false, false, false]);
  });

  test.each([UNKNOWN])('%s is not found', async (id) => {
    const { status, body } = await app.admin().get(`/admin/sessions/${id}`);
    expect([status, body]).toEqual([404, MISSING]);
  });

  test('refuses unknown expansions', async () => {
    const { status, body } = await app.admin().get(`/admin/sessions/${UNKNOWN}?expand=token`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { reason: 'Could not parse expand option: token' } });
  });
});

describe('GET /admin/sessions', () => {
  test('pages are consecutive and list every session once', async () => {
    const anna = await person(app);
    for (let i = 0; i < 5; i++) await sessionOf(anna);
    const seen: string[] = [];
    let next: string | undefined = '/admin/sessions?page_size=2';
    while (next !== undefined) {
      const answer = await app.admin().get(next);
      expect(answer.status).toBe(200);
      seen.push(...(answer.body as Shown[]).map(({ id }) => id));
      expect((answer.body as Shown[])[0]).toMatchObject({ identity: null, devices: null });
      expect(linkOf(answer.headers['link'], 'first')).toMatch(/^\/admin\/sessions\?page_size=2&page_token=[^&]+$/);
      next = linkOf(answer.headers['link'], 'next');
    }
    const all = await app.sql<{ id: string }>('SELECT id FROM session ORDER BY id');
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  test('expanded and filtered, along the links too', async () => {
    const anna = await person(app);
    const [ended, live] = [await sessionOf(anna), await sessionOf(anna)];
    await app.admin().delete(`/admin/sessions/${ended.id}`);
    const walk = async (filter: string): Promise<Shown[]> => {
      const found: Shown[] = [];
      let next: string | undefined = `/admin/sessions?active=${filter}&expand=identity&expand=devices&page_size=3`;
      while (next !== undefined) {
        const answer = await app.admin().get(next);
        found.push(...(answer.body as Shown[]));
        next = linkOf(answer.headers['link'], 'next');
      }
      return found;
    };
    const [active, inactive] = [await walk('true'), await walk('false')];
    expect(active.every((session) => session.active)).toBe(true);
    expect(inactive.some((session) => session.active)).toBe(false);
    expect(active.map(({ id }) => id)).toContain(live.id);
    expect(inactive.find(({ id }) => id === ended.id)).toMatchObject({
      identity: { id: anna.id, metadata_admin: null, schema_url: '' },
      devices: [{ ip_address: '127.0.0.1' }],
    });
  });

  test('a token only works for its own query', async () => {
    await sessionOf(await person(app));
    await sessionOf(await person(app));
    const { headers } = await app.admin().get('/admin/sessions?page_size=1');
    const next = linkOf(headers['link'], 'next')!;
    const token = /page_token=([^&]+)/.exec(next)![1]!;
    expect((await app.admin().get(next)).status).toBe(200);
    for (const query of [
      `active=true&page_token=${token}`,
      `page_token=${token.slice(0, -1)}`,
      `page_token=${token.slice(65)}`,
      `page_token=${UNKNOWN}`,
    ]) {
      const { status, body } = await app.admin().get(`/admin/sessions?${query}`);
      expect(status, query).toBe(400);
      expect(body).toMatchObject({ error: { message: 'could not parse parameter page_token' } });
    }
  });

  test.each(['active=maybe', 'page_size=0', 'page_size=-1', 'page_size=ten'])('?%s is refused', async (query) => {
    const { status, body } = await app.admin().get(`/admin/sessions?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { message: `could not parse parameter ${query.split('=')[0]}` } });
  });
});

describe('DELETE /admin/sessions/{id}', () => {
  test('ends it on every server, with one event that says why', async () => {
    const anna = await person(app);
    const [session, stays] = [await sessionOf(anna), await sessionOf(anna)];
    expect(await statusOf(session, other)).toBe(200);
    for (const reason of ['stolen phone', 'again']) {
      const { status, text } = await app.admin().delete(`/admin/sessions/${session.id}`).set('x-regain-reason', reason);
      expect([status, text]).toEqual([204, '']);
    }
    expect([await statusOf(session, other), await statusOf(session), await statusOf(stays)]).toEqual([401, 401, 200]);
    expect(await events(anna, 'session.revoked')).toEqual([{ actor_type: 'access_token', reason: 'stolen phone' }]);
  });

  test.each([UNKNOWN])('%s is not found', async (id) => {
    const { status, body } = await app.admin().delete(`/admin/sessions/${id}`);
    expect([status, body]).toEqual([404, MISSING]);
  });
});

describe('/admin/identities/{id}/sessions', () => {
  const path = (who: Person, query = '') => `/admin/identities/${who.id}/sessions${query}`;

  test('lists them newest first, with identity and devices', async () => {
    const anna = await person(app);
    await sessionOf(await person(app));
    const [first, second] = [await sessionOf(anna), await sessionOf(anna)];
    const answer = await app.admin().get(path(anna));
    expect((answer.body as Shown[]).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((answer.body as Shown[])[0]).toMatchObject({
      identity: { id: anna.id, metadata_admin: null },
      devices: [{ ip_address: '127.0.0.1' }],
    });
    expect(answer.headers['x-total-count']).toBe('2');
    expect(answer.headers['link']).toMatch(
      new RegExp(`^<${path(anna)}\\?page=0&page_size=2&page_token=[^&>]+&per_page=2>; rel="first"$`),
    );
  });

  test('filters, and keeps the filter in the links', async () => {
    const anna = await person(app);
    const [ended, ...live] = [await sessionOf(anna), await sessionOf(anna), await sessionOf(anna)];
    await app.admin().delete(`/admin/sessions/${ended!.id}`);
    const inactive = await app.admin().get(path(anna, '?active=false'));
    expect((inactive.body as Shown[]).map(({ id }) => id)).toEqual([ended!.id]);

    const page = await app.admin().get(path(anna, '?active=true&per_page=1'));
    expect(page.headers['x-total-count']).toBe('2');
    const next = linkOf(page.headers['link'], 'next')!;
    expect(next).toContain('?active=true&page=2&page_size=1&page_token=');
    const found = [...(page.body as Shown[]), ...((await app.admin().get(next)).body as Shown[])];
    expect(found.map(({ id }) => id)).toEqual(live.map(({ id }) => id).reverse());
    const elsewhere = next.replace(anna.id, (await person(app)).id);
    expect((await app.admin().get(elsewhere)).status).toBe(400);
  });

  test.each([UNKNOWN])('of %s there are none', async (id) => {
    const listed = await app.admin().get(`/admin/identities/${id}/sessions`);
    expect([listed.status, listed.body, listed.headers['x-total-count']]).toEqual([200, [], '0']);
    const { status, body } = await app.admin().delete(`/admin/identities/${id}/sessions`);
    expect([status, body]).toEqual([404, MISSING]);
  });

  test('deletes them all, and nobody else’s', async () => {
    const [anna, ben] = [await person(app), await person(app)];
    const sessions = [await sessionOf(anna), await sessionOf(anna), await sessionOf(ben)];
    expect((await app.admin().delete(path(anna)).set('x-regain-reason', 'takeover')).status).toBe(204);
    for (const where of [app, other])
      expect(await Promise.all(sessions.map((session) => statusOf(session, where)))).toEqual([401, 401, 200]);
    expect((await app.admin().get(path(anna))).body).toEqual([]);
    expect(await app.sql('SELECT 1 FROM session WHERE identity_id = $1', [anna.id])).toEqual([]);
    expect(await events(anna, 'session.all_deleted')).toEqual([{ actor_type: 'access_token', reason: 'takeover' }]);

    const again = await app.admin().delete(path(anna));
    expect([again.status, again.body]).toEqual([404, MISSING]);
    expect(await events(anna, 'session.all_deleted')).toHaveLength(1);
  });

  test.each(['active=2', 'page=x', 'per_page=0', 'page_token=1'])('?%s is refused', async (query) => {
    expect((await app.admin().get(path(await person(app), `?${query}`))).status).toBe(400);
  });
});

describe('scopes', () => {
  const routes = [
    ['get', '/admin/sessions', 'session:read'],
    ['get', `/admin/sessions/${UNKNOWN}`, 'session:read'],
    ['get', `/admin/identities/${UNKNOWN}/sessions`, 'session:read'],
    ['delete', `/admin/sessions/${UNKNOWN}`, 'session:write'],
    ['patch', `/admin/sessions/${UNKNOWN}/extend`, 'session:write'],
    ['delete', `/admin/identities/${UNKNOWN}/sessions`, 'session:write'],
  ] as const;

  test.each(routes)('%s %s needs %s and no other', async (method, path, scope) => {
    const rest = ['session:read', 'session:write', 'identity:read', 'identity:write'].filter((name) => name !== scope);
    const refused = await app.admin(await app.token(...rest))[method](path);
    expect(refused.status).toBe(403);
    expect(refused.headers['www-authenticate']).toContain(`scope="${scope}"`);
    expect([200, 404]).toContain((await app.admin(await app.token(scope))[method](path)).status);
    expect((await app.anonymousAdmin()[method](path)).status).toBe(401);
    expect((await app.publicAgent()[method](path).set('authorization', `Bearer ${app.pat}`)).status).toBe(404);
  });
});
