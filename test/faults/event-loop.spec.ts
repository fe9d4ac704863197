import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newToken } from '../support/cluster.js';
import { freshDatabase, type SpecDatabase } from '../support/database.js';
import { GENEROUS } from '../support/generous-limits.js';
import { LoopProbe } from '../support/loop-probe.js';
import { PATIENCE, type ServerProcess, startServerProcess, workplace } from '../support/server-process.js';

/** Milliseconds of a processor between two turns of the event loop. */
const MOST = 200;
/** The best of so many counts: a collection of garbage may fall into any. */
const TRIES = 3;
/** Of one answer, in bytes: what a page may hold, one identity more, and what stands around them. */
const LARGEST_ANSWER = 4 * 1024 * 1024 + 1.5 * 1024 * 1024;

/** What an operator could write, at its most expensive for who sends large traits. */
const SCHEMA = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          'ory.sh/kratos': { credentials: { password: { identifier: true } }, recovery: { via: 'email' } },
        },
        more: {
          type: 'array',
          items: {
            type: 'string',
            format: 'email',
            'ory.sh/kratos': { credentials: { password: { identifier: true } }, verification: { via: 'email' } },
          },
        },
        distinct: { type: 'array', uniqueItems: true },
        words: { type: 'array', items: { type: 'string', pattern: '^([\\p{L}]|[0-9 ])+$' } },
        texts: { type: 'array', items: { type: 'string' } },
        host: { type: 'string', format: 'hostname' },
        text: { type: 'string', pattern: '(a|b)*c?.*d?$' },
        either: {
          oneOf: [
            { type: 'array', items: { type: 'integer' } },
            { type: 'array', items: { type: 'string' } },
          ],
        },
        closed: { type: 'object', properties: {}, additionalProperties: false },
        any: {},
      },
    },
  },
};

let database: SpecDatabase;
let server: ServerProcess;
let sql: pg.Pool;
let probe: LoopProbe;
const token = newToken();
const figures: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  const url = `base64://${Buffer.from(JSON.stringify(SCHEMA)).toString('base64')}`;
  const config = {
    identity: { default_schema_id: 'large', schemas: [{ id: 'large', url }] },
    courier: { smtp: { connection_uri: 'smtp://127.0.0.1:1/?disable_starttls=true' } },
    regain: { rate_limits: GENEROUS, database: { request_timeout: '60s' } },
  };
  const place = await workplace({ dsn: database.url, config });
  probe = new LoopProbe(place.directory);
  server = await startServerProcess(place, { env: { REGAIN_ACCESS_TOKEN: token, ...probe.env } });
  sql = new pg.Pool({ connectionString: database.url, max: 1 });
}, 2 * PATIENCE);
afterAll(async () => {
  await sql?.end();
  await server?.end('SIGKILL');
  await server?.place.clear();
  await database?.drop();
  console.log(figures.join('\n'));
});

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly link: string;
}

async function ask(method: string, path: string, body?: unknown): Promise<Answered> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const url = `${server.place.adminUrl}${path}`;
  const send = () => fetch(url, { method, headers, ...(body === undefined ? {} : { body: text }) });
  let answer = await send();
  for (let tries = 1; answer.status === 503 && tries < 10; tries++) {
    await answer.body?.cancel(); // a database on a busy machine; nothing was done
    answer = await send();
  }
  return { status: answer.status, body: await answer.text(), link: answer.headers.get('link') ?? '' };
}

/** The answer to a request that holds nobody up. */
async function harmless(what: string, method: string, path: string, body?: unknown): Promise<Answered> {
  const first = await probe.longest(() => ask(method, path, body));
  const { result } = first;
  let { blocked } = first;
  for (let tries = 1; tries < TRIES && blocked >= MOST; tries++)
    blocked = Math.min(blocked, (await probe.longest(() => ask(method, path, body))).blocked);
  figures.push(
    `${what}: ${Math.round(blocked)} ms, status ${result.status}, ${Math.round(result.body.length / 1024)} KB`,
  );
  expect.soft(blocked, figures.at(-1)).toBeLessThan(MOST);
  expect.soft(result.body.length, what).toBeLessThan(LARGEST_ANSWER);
  return result;
}

const idsIn = ({ body }: Answered): string[] => (JSON.parse(body) as { id: string }[]).map(({ id }) => id);
const nextOf = ({ link }: Answered): string | undefined => /<([^<>]+)>; rel="next"/.exec(link)?.[1];

/** Follows the links; every row that was met. */
async function everything(what: string, path: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined; pages++) {
    const page = await harmless(pages === 0 ? what : `${what}, page ${pages + 1}`, 'GET', next);
    expect(page.status, page.body.slice(0, 500)).toBe(200);
    ids.push(...idsIn(page));
    next = nextOf(page);
  }
  return { ids, pages };
}

const FRACTIONS = `(SELECT jsonb_agg(i / 7::float8) FROM generate_series(1, 40000) i)`;
const LARGE = 8;
const SMALL = 250;
/** Sessions of one large identity. */
const SESSIONS = 16;
const ROWS = 1_000;

/** Identities of almost a megabyte each, small ones between them, credentials of half a megabyte; sessions, messages, events. */
async function fill(): Promise<void> {
  await sql.query(`INSERT INTO identity (id, schema_id, state, traits)
    SELECT gen_random_uuid(), 'large', 'active', jsonb_build_object('any', ${FRACTIONS}) FROM generate_series(1, ${LARGE})
    UNION ALL SELECT gen_random_uuid(), 'large', 'active', '{}' FROM generate_series(1, ${SMALL})`);
  await sql.query(`INSERT INTO identity_credential (id, identity_id, type, config, version)
    SELECT gen_random_uuid(), id, 'totp', jsonb_build_object('more', repeat('x', 500000)), 1 FROM identity ORDER BY id LIMIT 50`);
  await sql.query(`INSERT INTO session (id, token_digest, identity_id, expires_at, origin)
    SELECT gen_random_uuid(), sha256((i.id::text || n)::bytea), i.id, now() + interval '1 day', 'login'
    FROM (SELECT id, row_number() OVER (ORDER BY traits = '{}', id) AS place FROM identity) i,
      generate_series(1, CASE WHEN i.place = 1 THEN ${SESSIONS} ELSE 1 END) n`);
  await sql.query(`INSERT INTO courier_message (id, status, template_type, recipient, data)
    SELECT gen_random_uuid(), 'sent', 'recovery_valid', 'ada@example.com', jsonb_build_object('minutes', 60, 'flow', gen_random_uuid())
    FROM generate_series(1, ${ROWS})`);
  await sql.query(`INSERT INTO audit_event (id, actor_type, action, outcome, reason, user_agent)
    SELECT gen_random_uuid(), 'anonymous', 'login.failed', 'refused', repeat('r', 500), repeat('u', 500) FROM generate_series(1, ${ROWS})`);
}

const ids = async (from: string): Promise<string[]> =>
  (await sql.query<{ id: string }>(`SELECT id FROM ${from}`)).rows.map(({ id }) => id);

describe('a page of large rows', () => {
  let all: string[];
  let large: string;
  beforeAll(async () => {
    await fill();
    all = await ids('identity ORDER BY id');
    [large = ''] = await ids("identity WHERE traits <> '{}' ORDER BY id");
  }, 4 * PATIENCE);

  test('of identities ends early; the links lead to each once', { timeout: 4 * PATIENCE }, async () => {
    const met = await everything('identities', '/admin/identities?page_size=500');
    expect(met.ids).toEqual(all);
    expect(met.pages).toBeGreaterThan(1);
  });

  test('of identities with their credentials, too', { timeout: 4 * PATIENCE }, async () => {
    const path = '/admin/identities?page_size=500&include_credential=totp';
    const met = await everything('identities with credentials', path);
    expect(met.ids).toEqual(all);
    expect(met.pages).toBeGreaterThan(6);
  });

  test('of chosen identities, too', { timeout: 4 * PATIENCE }, async () => {
    const path = `/admin/identities?${all.map((id) => `ids=${id}`).join('&')}`;
    expect((await everything('identities by id', path)).ids).toEqual(all);
  });

  test('that has a number cannot: it is refused with what fits', { timeout: 4 * PATIENCE }, async () => {
    const refused = await harmless('a numbered page', 'GET', '/admin/identities?page=0&per_page=500');
    expect(refused.status).toBe(400);
    const fits = Number(/at most (\d+) /.exec(refused.body)?.[1]);
    const taken = await harmless('the same, smaller', 'GET', `/admin/identities?page=0&per_page=${fits}`);
    expect([taken.status, idsIn(taken)]).toEqual([200, all.slice(0, fits)]);
  });

  test('of sessions with their identities ends early', { timeout: 4 * PATIENCE }, async () => {
    const path = '/admin/sessions?page_size=1000&expand=identity&expand=devices';
    const met = await everything('sessions with identities', path);
    expect(met.ids).toEqual(await ids('session ORDER BY id'));
    expect(met.pages).toBeGreaterThan(1);
  });

  test("of one large identity's sessions is shorter, and counts so", { timeout: 4 * PATIENCE }, async () => {
    const path = `/admin/identities/${large}/sessions`;
    const met = await everything("an identity's sessions", `${path}?per_page=250`);
    expect(met.ids.sort()).toEqual(await ids(`session WHERE identity_id = '${large}' ORDER BY id`));
    expect(met.pages).toBeGreaterThan(1);
    const skipping = await harmless('the second of another size', 'GET', `${path}?page=2&per_page=30`);
    expect([skipping.status, skipping.body]).toEqual([400, expect.stringContaining('per_page')]);
  });

  test.each([
    ['messages', '/admin/courier/messages?page_size=500'],
    ['audit events', '/admin/audit-events?page_size=500'],
    ['sessions alone', '/admin/sessions?page_size=1000'],
    ['grants', '/admin/recovery/grants?page_size=500'],
    ['access tokens', '/admin/access-tokens'],
  ])('of %s', { timeout: 4 * PATIENCE }, async (what, path) => {
    expect((await harmless(what, 'GET', path)).status).toBe(200);
  });
});

describe('a large body', () => {
  const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  /** Traits within the limits of a body, and the status of a creation with them. */
  const TRAITS: [what: string, traits: object, status: number][] = [
    ['40,000 fractions', { any: many(40_000, (i) => i / 7) }, 201],
    ['4,000 lists in lists of ten', { any: many(4_000, (i) => many(10, () => i)) }, 201],
    ['a text of 900 KB', { any: 'é'.repeat(450_000) }, 201],
    ['40,000 members', { any: Object.fromEntries(many(40_000, (i) => [`m${i}`, i])) }, 201],
    ['60 levels', { any: many(60, (i) => i).reduce<unknown>((inner) => [inner, inner === 0 ? 0 : 1], 0) }, 201],
    ['15,000 different objects that must differ', { distinct: many(15_000, (i) => ({ i })) }, 201],
    [
      '15,000 objects of which the last two are equal',
      { distinct: many(15_000, (i) => ({ i: Math.min(i, 14_998) })) },
      400,
    ],
    ['40,000 items of the wrong type', { texts: many(40_000, (i) => i) }, 400],
    ['40,000 items of the wrong type in each branch', { either: many(40_000, () => true) }, 400],
    ['40,000 members that are not allowed', { closed: Object.fromEntries(many(40_000, (i) => [`m${i}`, i])) }, 400],
    ['900 KB that a pattern looks at', { text: 'ab'.repeat(450_000) }, 400],
    ['190 KB that a pattern looks at', { text: 'ab'.repeat(95_000) }, 201],
    ['40,000 words that a pattern looks at', { words: many(40_000, (i) => `word ${i}`) }, 400],
    ['a host name of 900 KB', { host: 'a.'.repeat(450_000) }, 400],
    ['20,000 addresses', { more: many(20_000, (i) => `p${i}@example.com`) }, 400],
    ['900 addresses', { more: many(900, (i) => `p${i}.${randomUUID()}@example.com`) }, 201],
    ['numbers that lose digits', { any: many(30_000, (i) => i) }, 201],
  ];
  const small = { schema_id: 'large', traits: {} };
  const created = async (): Promise<string> =>
    (JSON.parse((await ask('POST', '/admin/identities', small)).body) as { id: string }).id;

  test.each(TRAITS)('%s', { timeout: 4 * PATIENCE }, async (what, traits, status) => {
    const made = await harmless(`POST ${what}`, 'POST', '/admin/identities', { schema_id: 'large', traits });
    expect([made.status, made.body.slice(0, 300)]).toEqual([status, expect.anything()]);
    const id = status === 201 ? (JSON.parse(made.body) as { id: string }).id : await created();
    const wanted = status === 201 ? 200 : status;
    const put = { schema_id: 'large', state: 'active', traits };
    expect((await harmless(`PUT ${what}`, 'PUT', `/admin/identities/${id}`, put)).status).toBe(wanted);
    const patch = [{ op: 'add', path: '/traits', value: traits }];
    expect((await harmless(`PATCH ${what}`, 'PATCH', `/admin/identities/${id}`, patch)).status).toBe(wanted);
    expect((await harmless(`GET ${what}`, 'GET', `/admin/identities/${id}`)).status).toBe(200);
  });

  test('numbers of many digits, which are refused', async () => {
    const body = `{"schema_id":"large","traits":{"any":[${many(40_000, (i) => `1234567890123456789${i % 10}`).join(',')}]}}`;
    expect((await harmless('POST 40,000 long numbers', 'POST', '/admin/identities', body)).status).toBe(400);
  });

  test('of a batch', { timeout: 4 * PATIENCE }, async () => {
    const batch = (count: number, traits: (index: number) => object) => ({
      identities: many(count, (i) => ({ patch_id: randomUUID(), create: { schema_id: 'large', traits: traits(i) } })),
    });
    const each = await harmless(
      'PATCH 1,000 identities',
      'PATCH',
      '/admin/identities',
      batch(1_000, (i) => ({ email: `b${i}@example.com`, any: many(20, () => i) })),
    );
    expect(each.status).toBe(200);
    const refused = await harmless(
      'PATCH 1,000 that are refused',
      'PATCH',
      '/admin/identities',
      batch(1_000, () => ({ texts: many(20, () => 1) })),
    );
    expect(refused.status).toBe(200);
    expect(
      (
        await harmless(
          'PATCH 2,000 identities',
          'PATCH',
          '/admin/identities',
          batch(2_000, () => ({})),
        )
      ).status,
    ).toBe(400);
  });

  test('of a JSON patch', { timeout: 4 * PATIENCE }, async () => {
    const id = await created();
    const path = `/admin/identities/${id}`;
    const fill = [{ op: 'add', path: '/traits/any', value: many(20_000, (i) => ({ i })) }];
    expect((await harmless('PATCH 20,000 objects', 'PATCH', path, fill)).status).toBe(200);
    const copies = many(100, (i) => ({ op: 'copy', from: '/traits/any', path: `/metadata_public/m${i}` }));
    expect((await harmless('PATCH 100 copies', 'PATCH', path, copies)).status).toBe(400);
    const moves = many(100, (i) => ({ op: 'add', path: '/traits/any/0', value: i }));
    expect((await harmless('PATCH 100 insertions', 'PATCH', path, moves)).status).toBe(200);
    const tests = many(100, (i) => ({ op: 'test', path: `/traits/any/${i + 100}`, value: { i } }));
    expect((await harmless('PATCH 100 comparisons', 'PATCH', path, tests)).status).toBe(200);
  });
});
