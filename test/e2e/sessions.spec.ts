import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { person, signIn, signInBrowser } from '../support/sign-in.js';

/** How people see and end their own sessions, on two servers with one database. */
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

interface Session {
  readonly id: string;
  readonly token: string;
}

const as = ({ token }: Session) => app.publicAgent().set('x-session-token', token);
const statusOf = async ({ token }: Session, where = app): Promise<number> =>
  (await where.publicAgent().get('/sessions/whoami').set('x-session-token', token)).status;

async function sessionOf(who: Person): Promise<Session> {
  const token = await signIn(app, who);
  const { body } = await app.publicAgent().get('/sessions/whoami').set('x-session-token', token);
  return { id: (body as { id: string }).id, token };
}

/** The newest first. */
async function sessionsOf(who: Person, count: number): Promise<Session[]> {
  const sessions: Session[] = [];
  while (sessions.length < count) sessions.unshift(await sessionOf(who));
  return sessions;
}

const events = async (who: Person, action: string) =>
  app.sql<{ actor_type: string; actor_id: string }>(
    'SELECT actor_type, actor_id FROM audit_event WHERE action = $1 AND target_id = $2 ORDER BY id',
    [action, who.id],
  );
const ids = (body: unknown): string[] => (body as { id: string }[]).map(({ id }) => id);

describe('GET /sessions', () => {
  test('shows the other live ones, newest first', async () => {
    const anna = await person(app, { metadata_public: { plan: 'pro' }, metadata_admin: { secret: true } });
    const [own, second, third, expired, ended] = (await sessionsOf(anna, 5)) as [
      Session,
      Session,
      Session,
      Session,
      Session,
    ];
    await app.sql('UPDATE session SET expires_at = clock_timestamp() WHERE id = $1', [expired.id]);
    await app.sql('UPDATE session SET active = false WHERE id = $1', [ended.id]);

    const answer = await as(own).get('/sessions');
    expect(answer.status).toBe(200);
    expect(ids(answer.body)).toEqual([second.id, third.id]);
    expect((answer.body as object[])[0]).toMatchObject({
      active: true,
      authenticator_assurance_level: 'aal1',
      authentication_methods: [{ method: 'password', aal: 'aal1' }],
      identity: { id: anna.id, metadata_public: { plan: 'pro' }, schema_url: '' },
      devices: [{ ip_address: '127.0.0.1', location: '' }],
    });
    const [{ identity }] = answer.body as [{ identity: object }];
    for (const hidden of ['metadata_admin', 'credentials', 'recovery_addresses', 'verifiable_addresses'])
      expect(Object.keys(identity)).not.toContain(hidden);
    expect(answer.headers['x-total-count']).toBe('2');
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['link']).toMatch(
      /^<\/sessions\?page=0&page_size=2&page_token=[^&>]+&per_page=2>; rel="first"$/,
    );
    for (const { token } of [own, second, third]) expect(answer.text).not.toContain(token.slice(7));
  });

  test('page by page, each session once, by number and by link', async () => {
    const anna = await person(app);
    const [own, ...others] = (await sessionsOf(anna, 6)) as [Session, ...Session[]];
    const wanted = others.map(({ id }) => id);

    const counted: string[] = [];
    for (const page of [1, 2, 3]) counted.push(...ids((await as(own).get(`/sessions?per_page=2&page=${page}`)).body));
    expect(counted).toEqual(wanted);

    const followed: string[] = [];
    const relations: string[][] = [];
    let next: string | undefined = '/sessions?per_page=2';
    while (next !== undefined && relations.length < 9) {
      const answer = await as(own).get(next);
      followed.push(...ids(answer.body));
      const link = String(answer.headers['link']);
      relations.push([...link.matchAll(/rel="(\w+)"/g)].map(([, name]) => name!));
      next = /<([^>]+)>; rel="next"/.exec(link)?.[1];
    }
    expect(followed).toEqual(wanted);
    expect(relations).toEqual([
      ['next', 'last'],
      ['first', 'next', 'prev', 'last'],
      ['first', 'prev'],
    ]);
    expect(ids((await as(own).get('/sessions?per_page=2&page=9')).body)).toEqual([]);
  });

  test('of a person with one session is empty', async () => {
    const answer = await as(await sessionOf(await person(app))).get('/sessions');
    expect([answer.status, answer.body, answer.headers['x-total-count']]).toEqual([200, [], '0']);
  });

  test.each(['page=-1', 'page=x', 'per_page=0', 'page_size=0', 'per_page=1e3', 'page_token=2', 'page_token=..'])(
    '?%s is refused',
    async (query) => {
      const { status, body } = await as(await sessionOf(await person(app))).get(`/sessions?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: { message: `could not parse parameter ${query.split('=')[0]}` } });
    },
  );
});

describe('DELETE /sessions', () => {
  test('ends the others, on every server, and counts them', async () => {
    const anna = await person(app);
    const [own, second, third] = (await sessionsOf(anna, 3)) as [Session, Session, Session];
    const ben = await sessionOf(await person(app));
    expect(await statusOf(second, other)).toBe(200);

    const answer = await as(own).delete('/sessions');
    expect([answer.status, answer.body]).toEqual([200, { count: 2 }]);
    for (const where of [app, other]) {
      const states = await Promise.all([own, second, third, ben].map((session) => statusOf(session, where)));
      expect(states).toEqual([200, 401, 401, 200]);
    }
    expect(await events(anna, 'session.others_revoked')).toEqual([{ actor_type: 'session', actor_id: own.id }]);
  });

  test('again ends nothing, counts those that ended before, and leaves no event', async () => {
    const anna = await person(app);
    const [own] = (await sessionsOf(anna, 2)) as [Session];
    expect((await as(own).delete('/sessions')).body).toEqual({ count: 1 });
    expect((await as(own).delete('/sessions')).body).toEqual({ count: 1 });
    expect(await events(anna, 'session.others_revoked')).toHaveLength(1);
  });

  test('from everywhere at once fails nowhere', async () => {
    const anna = await person(app);
    const sessions = await sessionsOf(anna, 6);
    const answers = await Promise.all(sessions.map((session) => as(session).delete('/sessions')));
    expect(answers.filter(({ status }) => status !== 200 && status !== 401)).toEqual([]);
  });

  test('by cookie', async () => {
    const anna = await person(app);
    const session = await sessionOf(anna);
    const browser = await signInBrowser(app, anna);
    expect((await browser.delete('/sessions')).body).toEqual({ count: 1 });
    expect(await statusOf(session)).toBe(401);
    expect((await browser.get('/sessions/whoami')).status).toBe(200);
  });
});

describe('DELETE /sessions/{id}', () => {
  test('ends that one, on every server; again changes nothing', async () => {
    const anna = await person(app);
    const [own, second, third] = (await sessionsOf(anna, 3)) as [Session, Session, Session];
    for (const id of [second.id, second.id]) {
      const { status, text } = await as(own).delete(`/sessions/${id}`);
      expect([status, text]).toEqual([204, '']);
    }
    expect(await Promise.all([own, second, third].map((session) => statusOf(session, other)))).toEqual([200, 401, 200]);
    expect(await events(anna, 'session.revoked')).toEqual([{ actor_type: 'session', actor_id: own.id }]);
  });

  test('refuses the own one, however it is written', async () => {
    const anna = await person(app);
    const own = await sessionOf(anna);
    for (const id of [own.id, own.id.toUpperCase()]) {
      const { status, body } = await as(own).delete(`/sessions/${id}`);
      expect([status, body]).toEqual([
        400,
        { error: { code: 400, status: 'Bad Request', message: 'cannot revoke current session' } },
      ]);
    }
    expect(await statusOf(own)).toBe(200);
    expect(await events(anna, 'session.revoked')).toEqual([]);
  });
});

describe('two people', () => {
  test('neither sees nor ends another person’s session, and cannot tell it from an unknown one', async () => {
    const [anna, ben] = [await person(app), await person(app)];
    const annas = await sessionsOf(anna, 3);
    const bens = await sessionsOf(ben, 3);
    for (const [mine, theirs] of [
      [annas, bens],
      [bens, annas],
    ] as const) {
      for (const own of mine) {
        const seen = ids((await as(own).get('/sessions')).body).sort();
        expect(seen).toEqual(
          mine
            .filter(({ id }) => id !== own.id)
            .map(({ id }) => id)
            .sort(),
        );
        const answers = await Promise.all(
          [...theirs.map(({ id }) => id), UNKNOWN].map((id) => as(own).delete(`/sessions/${id}`)),
        );
        expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['204 ']));
      }
    }
    expect((await as(annas[0]!).delete('/sessions')).body).toEqual({ count: 2 });
    expect(await Promise.all(bens.map((session) => statusOf(session)))).toEqual([200, 200, 200]);
    expect(await events(ben, 'session.revoked')).toEqual([]);
  });

  test('a page token of one person does not work for another', async () => {
    const [anna, ben] = [await sessionsOf(await person(app), 3), await sessionsOf(await person(app), 3)];
    const link = String((await as(anna[0]!).get('/sessions?per_page=1')).headers['link']);
    const next = /<([^>]+)>; rel="next"/.exec(link)![1]!;
    expect((await as(anna[0]!).get(next)).status).toBe(200);
    expect((await as(ben[0]!).get(next)).status).toBe(400);
  });
});

describe('nobody', () => {
  const routes = [
    ['get', '/sessions'],
    ['delete', '/sessions'],
    ['delete', `/sessions/${UNKNOWN}`],
  ] as const;
  const none = { code: 401, status: 'Unauthorized', reason: 'No valid session cookie found.' };

  test.each(routes)('may %s %s', async (method, path) => {
    const unknown = { 'x-session-token': `ory_st_${'a'.repeat(32)}` };
    for (const headers of [{}, unknown, { cookie: 'ory_kratos_session=nope' }]) {
      const request = app.publicAgent()[method](path);
      const { status, body } = await request.set(headers as Record<string, string>);
      expect(status).toBe(401);
      expect(body).toMatchObject({ error: { ...none, message: 'The request could not be authorized' } });
    }
  });

  test.each(routes)('may %s %s with a session that has ended, or of an inactive identity', async (method, path) => {
    const anna = await person(app);
    const [own, ended] = (await sessionsOf(anna, 2)) as [Session, Session];
    await as(own).delete(`/sessions/${ended.id}`);
    expect((await as(ended)[method](path)).status).toBe(401);
    await app.get(IdentityService).setState(anna.id, 'inactive');
    expect((await as(own)[method](path)).status).toBe(401);
  });

  test.each(routes)('may %s %s with an access token for administrators', async (method, path) => {
    expect((await app.publicAgent()[method](path).set('authorization', `Bearer ${app.pat}`)).status).toBe(401);
  });
});
