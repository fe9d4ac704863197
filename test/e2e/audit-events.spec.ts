import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app.stop());

const PATH = '/admin/audit-events';

interface EventBody {
  id: string;
  at: string;
  action: string;
  target_id: string | null;
  [key: string]: unknown;
}

/** Creates that many tokens, and so events; resolves to the events' ids, oldest first. */
async function make(count: number, headers: Record<string, string> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const made = await app
      .admin()
      .post('/admin/access-tokens')
      .set(headers)
      .send({ name: `made ${i}`, scopes: ['audit:read'] });
    ids.push((made.body as { id: string }).id);
  }
  return ids;
}

const nextOf = (link: string | undefined): string | undefined => /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];

describe('GET /admin/audit-events', () => {
  test('records who did what, from where, why and for which ticket', async () => {
    const [id] = await make(1, {
      'x-regain-reason': 'lost phone',
      'x-regain-ticket': 'DESK-12',
      'user-agent': 'desk/1.0',
    });
    const { body, headers } = await app.admin().get(PATH).query({ target_id: id }).expect(200);
    expect(headers['cache-control']).toContain('no-store');
    expect(body).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/),
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        actor_type: 'access_token',
        actor_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        actor_label: 'test',
        action: 'access_token.created',
        outcome: 'success',
        target_type: 'access_token',
        target_id: id,
        grant_id: null,
        reason: 'lost phone',
        ticket: 'DESK-12',
        request_id: expect.any(String),
        network: '127.0.0.1',
        user_agent: 'desk/1.0',
        detail: null,
      },
    ]);
    expect(Math.abs(Date.parse((body as EventBody[])[0]!.at) - Date.parse(headers['date']!))).toBeLessThan(5000);
  });

  test('pages through all events with the Link header, keeping the filters, each event once', async () => {
    const made = await make(7);
    const seen: (string | null)[] = [];
    let url: string | undefined = `${app.adminUrl}${PATH}?action=access_token.created&page_size=3`;
    while (url !== undefined) {
      expect(url.startsWith(`${app.adminUrl}${PATH}?`)).toBe(true);
      const { body, headers } = await app.admin().get(url.slice(app.adminUrl.length)).expect(200);
      const events = body as EventBody[];
      expect(events.length).toBeLessThanOrEqual(3);
      expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['access_token.created']));
      seen.push(...events.map((event) => event.target_id));
      url = nextOf(headers['link']);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => made.includes(id ?? '')).sort()).toEqual([...made].sort());
  });

  test.each([
    ['a flipped bit', (token: string) => (token.startsWith('A') ? 'B' : 'A') + token.slice(1)],
    ['a shortened seal', (token: string) => token.slice(0, -2)],
    ['a made-up id', () => Buffer.alloc(48).toString('base64url')],
    ['SQL', () => `' OR 1=1 --`],
    ['a number', () => '2'],
  ])('refuses a page_token with %s', async (_, forge) => {
    await make(2);
    const first = await app.admin().get(PATH).query({ page_size: 1 }).expect(200);
    const token = new URL(nextOf(first.headers['link'])!).searchParams.get('page_token')!;
    await app.admin().get(PATH).query({ page_size: 1, page_token: token }).expect(200);
    const { body, headers } = await app
      .admin()
      .get(PATH)
      .query({ page_token: forge(token) })
      .expect(400);
    expect(body.error).toMatchObject({ code: 400, reason: expect.stringContaining('page_token') });
    expect(headers['link']).toBe(undefined);
    await app.admin().get(PATH).query({ action: 'other', page_token: token }).expect(400);
  });

  test('returns one event per line if requested', async () => {
    await make(3);
    const lines = await ndjson('page_size=3');
    expect(lines.type).toBe('application/x-ndjson; charset=utf-8');
    expect(nextOf(lines.link)).toEqual(expect.any(String));
    expect(lines.text.endsWith('\n')).toBe(true);
    expect(
      lines.text
        .trimEnd()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line) as object)[0]),
    ).toEqual(['id', 'id', 'id']);
    expect((await ndjson('action=none')).text).toBe('');
  });

  test('by actor and by time', async () => {
    const [id] = await make(1);
    const [event] = (await app.admin().get(PATH).query({ target_id: id })).body as EventBody[];
    const count = async (query: object): Promise<number> =>
      (
        (
          await app
            .admin()
            .get(PATH)
            .query({ target_id: id, ...query })
            .expect(200)
        ).body as EventBody[]
      ).length;
    const after = new Date(Date.parse(event!.at) + 1).toISOString();
    expect(await count({ actor_id: event!['actor_id'] })).toBe(1);
    expect(await count({ actor_id: 'somebody' })).toBe(0);
    expect(await count({ since: event!.at, until: after })).toBe(1);
    expect(await count({ since: after })).toBe(0);
    expect(await count({ until: event!.at })).toBe(0);
    expect(await count({ since: '', until: '', actor_id: '' })).toBe(1);
  });

  test.each([
    ['since', 'yesterday'],
    ['until', '2030-02-30T00:00:00Z'],
    ['page_size', '0'],
    ['page_size', '1001'],
    ['action', '\0'],
    ['target_id', '\0'],
  ])('refuses %s=%j', async (parameter, value) => {
    const { body } = await app
      .admin()
      .get(PATH)
      .query({ [parameter]: value })
      .expect(400);
    expect(body.error).toMatchObject({ code: 400, reason: expect.stringContaining(`"${parameter}"`) });
  });

  test('requires audit:read', async () => {
    const { status, headers } = await app.admin(await app.token('tokens:write', 'identity:read')).get(PATH);
    expect([status, headers['www-authenticate']]).toEqual([
      403,
      'Bearer realm="admin", error="insufficient_scope", scope="audit:read"',
    ]);
    await app
      .admin(await app.token('audit:read'))
      .get(PATH)
      .expect(200);
  });

  test('contains no token and no digest', async () => {
    const { body } = await app
      .admin()
      .post('/admin/access-tokens')
      .send({ name: 'secret', scopes: ['*'] });
    const { text } = await app.admin().get(PATH).query({ page_size: 1000 });
    expect(text).not.toContain((body as { token: string }).token.slice('ory_pat_'.length));
  });
});

async function ndjson(query: string): Promise<{ text: string; type: string | null; link: string | undefined }> {
  const headers = { authorization: `Bearer ${app.pat}`, accept: 'application/x-ndjson' };
  const answer = await fetch(`${app.adminUrl}${PATH}?${query}`, { headers });
  const link = answer.headers.get('link') ?? undefined;
  return { text: await answer.text(), type: answer.headers.get('content-type'), link };
}
