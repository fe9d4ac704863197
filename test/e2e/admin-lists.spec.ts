import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalizeIdentifier } from '../../src/identity/index.js';
import { trigramsOf } from '../../src/identity/identifiers/trigrams.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Document, operationsOf } from '../support/openapi.js';
import { type Identity, startWithSchemas } from './identities.support.js';

const IDENTITIES = '/admin/identities';
const NOBODY = 'b0000000-0000-4000-8000-00000000000b';
/** As short-lived as a person's own data. */
const WITHOUT_FILTERS = 'GET /admin/identities/{id}/suspended';
const LISTS = [
  'GET /admin/access-tokens',
  'GET /admin/audit-events',
  'GET /admin/courier/messages',
  'GET /admin/identities',
  'GET /admin/identities/{id}/sessions',
  WITHOUT_FILTERS,
  'GET /admin/recovery/grants',
  'GET /admin/sessions',
];

let app: TestApp;
let parity: TestApp;
let document: Document;
beforeAll(async () => {
  app = await startWithSchemas();
  parity = await startTestApp({ parity: true });
  document = (await app.anonymousAdmin().get('/openapi.json')).body as Document;
});
afterAll(async () => {
  await parity?.stop();
  await app?.stop();
});

const reason = ({ body }: { body: unknown }) => (body as { error?: { reason?: string } }).error?.reason;
const list = (query: string) => app.admin().get(`${IDENTITIES}?${query}`);
const create = async (traits: object, on = app): Promise<Identity> => {
  const answer = await on.admin().post(IDENTITIES).send({ traits });
  expect(answer.status).toBe(201);
  return answer.body as Identity;
};
const pathOf = (name: string) => name.split(' ')[1]!.replace('{id}', NOBODY);

describe('an unknown filter', () => {
  test('is refused by every list, which names it; documented ones are accepted', async () => {
    const answersLists = operationsOf(document).filter(({ name, operation }) => {
      const { content } = operation.responses['200'] ?? {};
      return name.startsWith('GET /admin/') && content?.['application/json']?.schema?.type === 'array';
    });
    expect(answersLists.map(({ name }) => name).sort()).toEqual(LISTS);
    for (const { name, operation } of answersLists) {
      const unknown = await app.admin().get(`${pathOf(name)}?shoe_size=42`);
      expect(unknown.status, name).toBe(400);
      expect(reason(unknown), name).toContain('"shoe_size"');
      const parameters = (operation.parameters ?? []).filter((each) => each.in === 'query');
      expect(parameters.length > 1, name).toBe(name !== WITHOUT_FILTERS);
      for (const parameter of parameters) {
        const known = await app.admin().get(`${pathOf(name)}?${parameter.name}=`);
        expect(reason(known) ?? '', `${name} ${parameter.name}`).not.toContain('does not know');
      }
    }
  });

  test.each([
    [IDENTITIES, 'email=ada@example.com', 'credentials_identifier'],
    [IDENTITIES, 'EMAIL=ada@example.com', 'credentials_identifier'],
    [IDENTITIES, 'email=', 'credentials_identifier'],
    [IDENTITIES, 'username=ada', 'credentials_identifier'],
    [IDENTITIES, 'q=ada', 'preview_credentials_identifier_similar'],
    [IDENTITIES, 'id=x', 'ids'],
    [IDENTITIES, 'external_id=x', '/admin/identities/by/external/'],
    [IDENTITIES, 'credential_identifier=x', 'credentials_identifier'],
    [IDENTITIES, 'credentialsIdentifier=x', 'credentials_identifier'],
    [IDENTITIES, 'pageSize=2', 'page_size'],
    ['/admin/sessions', 'identity_id=x', '/admin/identities/{id}/sessions'],
    ['/admin/sessions', 'actve=true', 'active'],
    ['/admin/courier/messages', 'email=x', 'recipient'],
    ['/admin/recovery/grants', 'identity=x', 'identity_id'],
    ['/admin/audit-events', 'identity_id=x', 'target_id'],
  ])('%s?%s: the answer names %s', async (path, query, right) => {
    const answer = await app.admin().get(`${path}?${query}`);
    expect([answer.status, reason(answer)]).toEqual([400, expect.stringContaining(right)]);
  });

  test('inherited properties are not parameter names', async () => {
    for (const name of ['constructor', 'toString', '__proto__'])
      expect(reason(await list(`${name}=x`)), name).toContain('This list accepts page_size');
  });

  test('as Kratos, it is ignored', async () => {
    await create({ email: 'someone@example.com' }, parity);
    for (const name of LISTS) {
      const { status } = await parity.admin().get(`${pathOf(name)}?email=x`);
      expect(status, name).toBe(name === WITHOUT_FILTERS ? 404 : 200); // the path names an unknown identity
    }
    expect((await parity.admin().get(`${IDENTITIES}?email=x`)).body).toHaveLength(1);
  });

  test('reveals nothing to a caller who may not read the list', async () => {
    const writer = await app.token('identity:write');
    expect((await app.admin(writer).get(`${IDENTITIES}?email=x`)).status).toBe(403);
    expect((await app.anonymousAdmin().get(`${IDENTITIES}?email=x`)).status).toBe(401);
  });
});

describe('empty values', () => {
  test.each([`${IDENTITIES}?ids=`, '/admin/courier/messages?status='])('%s is 400, not everyone', async (path) => {
    expect((await app.admin().get(path)).status).toBe(400);
  });

  test('of other parameters count as absent', async () => {
    const empty = 'page_size=&page_token=&consistency=&credentials_identifier=&preview_credentials_identifier_similar=';
    expect((await list(`${empty}&include_credential=&organization_id=&page=&per_page=`)).status).toBe(200);
  });

  test('no identity has an organization', async () => {
    await create({ email: 'member@example.com' });
    const answer = await list(`organization_id=${NOBODY}`);
    expect([answer.status, answer.body]).toEqual([200, []]);
  });
});

describe('numbered pages', () => {
  const links = (header: unknown) =>
    String(header)
      .split(',')
      .map((link) => /^<\/admin\/identities\?(.*)>; rel="(\w+)"$/.exec(link)!.slice(1).reverse().join(' '));

  test('start at 0, and continue as in Kratos', async () => {
    for (let i = 0; i < 5; i++) await create({ email: `page${i}@example.com` });
    const all = (await app.sql<{ id: string }>('SELECT id FROM identity ORDER BY id')).map(({ id }) => id);
    const last = Math.ceil(all.length / 2) - 1;
    const seen: string[] = [];
    for (let page = 0; page <= last; page++) {
      const answer = await list(`page=${page}&per_page=2`);
      expect(answer.headers['x-total-count']).toBe(String(all.length));
      seen.push(...(answer.body as Identity[]).map(({ id }) => id));
    }
    expect(seen).toEqual(all);
    const first = await list('per_page=2&page=0');
    expect(links(first.headers['link'])).toEqual(['next page=1&per_page=2', `last page=${last}&per_page=2`]);
    expect((await list(`page=${last + 1}&per_page=2`)).body).toEqual([]);
  });

  test('keep the filters; tokens and page_size take precedence; per_page alone is a page size', async () => {
    const identifier = 'page0@example.com';
    const asked = await list(`page=0&credentials_identifier=${identifier}&include_credential=code`);
    const kept = `credentials_identifier=${encodeURIComponent(identifier)}&include_credential=code`;
    expect([links(asked.headers['link']), asked.headers['x-total-count']]).toEqual([
      [`first ${kept}&page=0&per_page=1`],
      '1',
    ]);
    expect((await list('page=7&page_size=2')).headers['link']).toMatch(/page_size=2&page_token=/);
    expect((await list('per_page=2')).headers['link']).toMatch(/page_size=2&page_token=/);
  });

  test('of schemas', async () => {
    const ids = async (query: string) => {
      const answer = await app.publicAgent().get(`/schemas${query}`);
      return [
        (answer.body as { id: string }[]).map(({ id }) => id),
        answer.headers['link'],
        answer.headers['x-total-count'],
      ];
    };
    const link = (page: number, relation: string) =>
      `</schemas?page=${page}&page_size=1&page_token=${page}&per_page=1>; rel="${relation}"`;
    expect(await ids('?per_page=1')).toEqual([['person'], `${link(1, 'next')},${link(1, 'last')}`, '2']);
    expect(await ids('?page=1&per_page=1')).toEqual([['note'], `${link(0, 'first')},${link(0, 'prev')}`, '2']);
    expect(await ids('?page_size=1&page_token=1')).toEqual(await ids('?page=1&per_page=1'));
    for (const query of ['?page=x&per_page=y', '?page=-1']) expect((await ids(query))[0]).toEqual(['person', 'note']);
    expect((await ids('?page=5&per_page=2'))[0]).toEqual([]);
  });
});

describe('part of an identifier', () => {
  const found = async (part: string) => {
    const answer = await list(`preview_credentials_identifier_similar=${encodeURIComponent(part)}`);
    expect(answer.status, part).toBe(200);
    return (answer.body as Identity[]).map(({ traits }) => (traits as { email: string }).email).sort();
  };

  test('finds identities with an identifier that contains it', async () => {
    const ada = 'ada.lovelace+desk@engine.example';
    const grace = 'grace.hopper@navy.example';
    const umlaut = 'zoë.ångström@engine.example';
    await create({ email: ada, username: 'countess' });
    await create({ email: grace });
    await create({ email: 'x'.repeat(60) + '@long.example', username: umlaut });
    for (const part of ['ada.lovelace', 'lovelace', 'LOVELACE', 'lace+d', ada, 'countess', 'ounte'])
      expect(await found(part), part).toEqual([ada]);
    expect(await found('engine.example')).toEqual([ada, 'x'.repeat(60) + '@long.example']);
    expect(await found('ångström')).toEqual(['x'.repeat(60) + '@long.example']);
    expect(await found('hopper@navy')).toEqual([grace]);
    for (const part of ['lovelaceada', 'hopper.grace', 'no%body', 'ada_lovelace', '%', '_', '\u200b', ' '])
      expect(await found(part), part).toEqual([]);
  });

  test('of one or two characters matches the beginning', async () => {
    expect(await found('gr')).toEqual(['grace.hopper@navy.example']);
    expect(await found('rg')).toEqual([]);
  });

  test('shows credentials, is paged, and cannot be combined with other filters', async () => {
    const answer = await list('preview_credentials_identifier_similar=example&page_size=1');
    expect(answer.body).toMatchObject([{ credentials: { password: { type: 'password' } } }]);
    expect(answer.headers['link']).toContain('&page_token=');
    expect(answer.headers['link']).toContain('&preview_credentials_identifier_similar=example>; rel="next"');
    expect((await list(`preview_credentials_identifier_similar=x&ids=${NOBODY}`)).status).toBe(400);
  });

  test('uses the same trigrams as the database', async () => {
    for (const identifier of ['a', 'ab', 'abc', 'aaaa', 'ada@example.com', 'zoë.ångström', '日本語 テスト', '🙂🙂x']) {
      const normalized = normalizeIdentifier(identifier);
      const [row] = await app.sql<{ of: string[] }>('SELECT identifier_trigrams($1) AS of', [normalized]);
      expect(row!.of.sort(), identifier).toEqual(trigramsOf(`  ${normalized}`).sort());
    }
  });
});
