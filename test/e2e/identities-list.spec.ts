import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.js';
import { type Identity, NOTE, PERSON, someone, startWithSchemas } from './identities.support.js';

const IDENTITIES = '/admin/identities';
const UNKNOWN = 'b0000000-0000-4000-8000-00000000000b';

let app: TestApp;

beforeAll(async () => {
  app = await startWithSchemas();
});
afterAll(() => app.stop());

const get = (path: string) => app.admin().get(`${IDENTITIES}${path}`);

async function create(): Promise<Identity> {
  const answer = await app
    .admin()
    .post(IDENTITIES)
    .send({ traits: { email: someone() } });
  expect(answer.status).toBe(201);
  return answer.body as Identity;
}

describe('list', () => {
  const linkOf = (header: string, relation: string) => new RegExp(`<([^>]+)>; rel="${relation}"`).exec(header)?.[1];

  test('pages are consecutive, and list nobody twice', async () => {
    for (let i = 0; i < 5; i++) await create();
    const seen: string[] = [];
    let next: string | undefined = `${IDENTITIES}?page_size=2`;
    while (next !== undefined) {
      const answer = await app.admin().get(next);
      expect(answer.status).toBe(200);
      seen.push(...(answer.body as Identity[]).map(({ id }) => id));
      expect(Object.keys((answer.body as Identity[])[0]!)).not.toContain('credentials');
      expect(linkOf(String(answer.headers['link']), 'first')).toMatch(/^\/admin\/identities\?page_size=2&page_token=/);
      next = linkOf(String(answer.headers['link']), 'next');
    }
    const all = await app.sql<{ id: string }>('SELECT id FROM identity ORDER BY id');
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  test('the first page again, by its own link', async () => {
    const answer = await get('?page_size=2');
    const again = await app.admin().get(linkOf(String(answer.headers['link']), 'first')!);
    expect(again.body).toEqual(answer.body);
  });

  test('by identifier, with credentials, in any spelling', async () => {
    const created = await create();
    const email = (created['traits'] as { email: string }).email;
    const answer = await get(`?credentials_identifier=${encodeURIComponent(email.toUpperCase())}`);
    expect(answer.body).toMatchObject([{ id: created.id, credentials: { password: { identifiers: [email] } } }]);
    const upper = encodeURIComponent(email.toUpperCase());
    expect(answer.headers['link']).toMatch(
      `</admin/identities?credentials_identifier=${upper}&page_size=250&page_token=`,
    );
    expect((await get('?credentials_identifier=nobody')).body).toEqual([]);
  });

  test('by ids', async () => {
    const [one, two] = [await create(), await create()];
    const answer = await get(`?ids=${one.id}&ids=${two.id}&ids=${UNKNOWN}`);
    expect((answer.body as Identity[]).map(({ id }) => id)).toEqual([one.id, two.id].sort());
  });

  test('with several kinds of credentials revealed, as repeated parameters or as one', async () => {
    const { id } = await create();
    for (const query of ['include_credential=code&include_credential=password', 'include_credential=code,password']) {
      const [found] = (await get(`?ids=${id}&${query}`)).body as Identity[];
      expect(Object.values(found!.credentials!).map(({ config }) => config)).toEqual([expect.anything(), {}]);
    }
    const [found] = (await get(`?ids=${id}&include_credential=totp`)).body as Identity[];
    expect(Object.keys(found!.credentials!['code']!)).not.toContain('config');
  });

  test('a page is at most 500', async () => {
    const answer = await get('?page_size=100000');
    expect(answer.headers['link']).toMatch(/\?page_size=500&page_token=/);
  });

  test.each([
    ['page_token=!!!!', 'The page token is invalid, do not craft your own page tokens'],
    ['page_size=0', /page_size/],
    ['page_size=x', /page_size/],
    ['page=x', /`page`/],
    ['page=-1', /`page`/],
    ['page=1&per_page=0', /`per_page`/],
    ['page=3&per_page=500', /^Legacy pagination is not supported for enumerating over 1000 items\./],
    ['organization_id=x', 'Invalid UUID value `x` for parameter `organization_id`.'],
    ['include_credential=password&include_credential=nope', 'Invalid value `nope` for parameter `include_credential`.'],
    ['ids=x', 'Invalid UUID value `x` for parameter `ids`.'],
    ['ids=', 'Invalid UUID value `` for parameter `ids`.'],
    [`ids=${UNKNOWN}&ids=`, 'Invalid UUID value `` for parameter `ids`.'],
    [`ids=${UNKNOWN}&credentials_identifier=x`, 'You cannot combine multiple filters in this API'],
    [`credentials_identifier=x&preview_credentials_identifier_similar=x`, /^You cannot combine/],
    [`organization_id=${UNKNOWN}&ids=${UNKNOWN}`, /^You cannot combine/],
    ['credentials_identifier=a%00b', /cannot be stored/],
  ])('%s is refused', async (query, reason) => {
    const answer = await get(`?${query}`);
    expect(answer.status).toBe(400);
    expect((answer.body as { error: { reason: string } }).error.reason).toMatch(reason);
  });

  test('a modified page token is refused', async () => {
    const answer = await get('?page_size=1');
    const token = new URL(linkOf(String(answer.headers['link']), 'next')!, app.adminUrl).searchParams.get(
      'page_token',
    )!;
    for (const place of [0, 20, 63, 65, 100]) {
      const other = token[place] === 'A' ? 'B' : 'A';
      const changed = `${token.slice(0, place)}${other}${token.slice(place + 1)}`;
      expect((await get(`?page_token=${changed}`)).status).toBe(400);
    }
    expect((await get(`?page_token=${token.slice(0, -1)}`)).status).toBe(400);
    expect((await get(`?page_token=${token}A`)).status).toBe(400);
    expect((await get(`?page_token=${token}`)).status).toBe(200);
  });
});

describe('schemas', () => {
  test('both listeners list them, without a token', async () => {
    for (const agent of [app.publicAgent(), app.anonymousAdmin()]) {
      const answer = await agent.get('/schemas');
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual([
        { id: 'person', schema: PERSON },
        { id: 'note', schema: NOTE },
      ]);
      expect(answer.headers['link']).toMatch(
        /^<\/schemas\?page=0&page_size=2&page_token=[^&]+&per_page=2>; rel="first"$/,
      );
    }
  });

  test.each([['person'], ['cGVyc29u']])('one by %s', async (id) => {
    const answer = await app.publicAgent().get(`/schemas/${id}`);
    expect([answer.status, answer.body]).toEqual([200, PERSON]);
  });

  test('an unknown one', async () => {
    const answer = await app.publicAgent().get('/schemas/nope');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: { reason: 'Identity schema `nope` could not be found.' } });
  });
});
