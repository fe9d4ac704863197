import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RouteTable } from '../../src/platform/http/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { person, signIn } from '../support/sign-in.js';

/* What an answer shows depends on the read scopes, whatever the route does. */

const MARK = 'only-for-readers';
const HASH = 'hashed_password';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
afterAll(() => app?.stop());

interface Call {
  readonly scope: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly body?: object;
}

/** An identity whose every part contains the marker, with its session, grant and message. */
async function marked() {
  const someone = await person(app);
  const email = `${MARK}.${someone.id}@example.com`;
  await app
    .admin()
    .put(`/admin/identities/${someone.id}`)
    .send({
      traits: { email },
      metadata_public: { is: MARK },
      metadata_admin: { is: MARK },
      external_id: `${MARK}.${someone.id}`,
    });
  await signIn(app, { ...someone, email });
  await newLink(app, someone.id);
  const first = async (path: string) => ((await app.admin().get(path)).body as { id: string }[])[0]!.id;
  const session = await first(`/admin/identities/${someone.id}/sessions`);
  const grant = await first(`/admin/recovery/grants?identity_id=${someone.id}`);
  return { id: someone.id, session, grant, email };
}

type Marked = Awaited<ReturnType<typeof marked>>;
const traits = ({ email }: Marked) => ({ traits: { email } });
const INCLUDE = '?include_credential=password';

/** All guarded routes except those that read identities, and deletions, whose answers are empty. */
const CALLS: Record<string, (its: Marked) => Call> = {
  'POST /admin/identities': ({ id }) => ({
    scope: 'identity:write',
    method: 'post',
    path: '/admin/identities',
    body: { traits: { email: `${MARK}.new.${id}@example.com` }, metadata_admin: MARK },
  }),
  'PATCH /admin/identities': ({ id }) => ({
    scope: 'identity:write',
    method: 'patch',
    path: '/admin/identities',
    body: { identities: [{ create: { traits: { email: `${MARK}.batch.${id}@example.com` } } }] },
  }),
  'PUT /admin/identities/:id': (its) => ({
    scope: 'identity:write',
    method: 'put',
    path: `/admin/identities/${its.id}`,
    body: { ...traits(its), metadata_admin: MARK, metadata_public: MARK },
  }),
  'PATCH /admin/identities/:id': ({ id }) => ({
    scope: 'identity:write',
    method: 'patch',
    path: `/admin/identities/${id}`,
    body: [{ op: 'replace', path: '/metadata_public', value: { is: MARK } }],
  }),
  'GET /admin/identities/:id/sessions': ({ id }) => ({
    scope: 'session:read',
    method: 'get',
    path: `/admin/identities/${id}/sessions`,
  }),
  'GET /admin/sessions': () => ({
    scope: 'session:read',
    method: 'get',
    path: '/admin/sessions?expand=identity&expand=devices',
  }),
  'GET /admin/sessions/:id': ({ session }) => ({
    scope: 'session:read',
    method: 'get',
    path: `/admin/sessions/${session}?expand=identity&expand=devices`,
  }),
  'PATCH /admin/sessions/:id/extend': ({ session }) => ({
    scope: 'session:write',
    method: 'patch',
    path: `/admin/sessions/${session}/extend`,
  }),
  'POST /admin/recovery/link': ({ id }) => ({
    scope: 'recovery:issue',
    method: 'post',
    path: '/admin/recovery/link',
    body: { identity_id: id },
  }),
  'GET /admin/recovery/grants': () => ({ scope: 'recovery:issue', method: 'get', path: '/admin/recovery/grants' }),
  'GET /admin/recovery/grants/:id': ({ grant }) => ({
    scope: 'recovery:issue',
    method: 'get',
    path: `/admin/recovery/grants/${grant}`,
  }),
  'GET /admin/audit-events': ({ id }) => ({
    scope: 'audit:read',
    method: 'get',
    path: `/admin/audit-events?target_id=${id}`,
  }),
  'GET /admin/access-tokens': () => ({ scope: 'tokens:write', method: 'get', path: '/admin/access-tokens' }),
  'POST /admin/access-tokens': () => ({
    scope: 'tokens:write',
    method: 'post',
    path: '/admin/access-tokens',
    body: { name: 'x', scopes: ['tokens:write'] },
  }),
};

/**
 * Reads identities, is off here (code), or shows a message's recipient, which courier:read allows. Or only answers 204.
 */
const OTHERS = [
  'GET /admin/identities',
  'GET /admin/identities/:id',
  'GET /admin/identities/:id/suspended',
  'POST /admin/identities/:id/suspended/:way/keep',
  'GET /admin/identities/by/external/:externalId',
  'POST /admin/recovery/code',
  'GET /admin/courier/messages',
  'GET /admin/courier/messages/:id',
];

const send = async ({ method, path, body }: Call, token: string) => {
  const sent = app.admin(token)[method](path);
  const answer = await (body === undefined ? sent : sent.send(body));
  return { status: answer.status, text: JSON.stringify(answer.body) };
};

test('every guarded route with a body in its answer is in the table', () => {
  const routes = app.get(RouteTable).all();
  const answering = routes.filter(
    ({ audience, method, url }) =>
      audience === 'admin' &&
      ['GET', 'POST', 'PUT', 'PATCH'].includes(method) &&
      !url.endsWith('*') &&
      url !== '/admin' &&
      !url.startsWith('/admin/metrics'),
  );
  const names = [...new Set(answering.map(({ method, url }) => `${method} ${url}`))];
  expect(names.sort()).toEqual([...Object.keys(CALLS), ...OTHERS].sort());
});

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  test('shows nothing about the person to a token with only this scope', async () => {
    const its = await marked();
    const asked = call(its);
    const { status, text } = await send(asked, await app.token(asked.scope));
    expect([200, 201]).toContain(status);
    expect(text).not.toContain(MARK);
    expect(text).not.toContain(HASH);
    expect(text).not.toContain('identifiers');
  });
});

describe('with identity:read as well', () => {
  test.each(
    Object.entries(CALLS).filter(([name]) => /identities|sessions/.test(name) && name !== 'PATCH /admin/identities'),
  )('%s shows it, but no secret of a credential', async (_, call) => {
    const its = await marked();
    const asked = call(its);
    const { status, text } = await send(asked, await app.token(asked.scope, 'identity:read'));
    expect([200, 201]).toContain(status);
    expect(text).toContain(MARK);
    expect(text).not.toContain(HASH);
  });
});

describe('credentials', () => {
  test('are shown with their secret to a caller who may read both', async () => {
    const { id } = await marked();
    const path = `/admin/identities/${id}${INCLUDE}`;
    const status = async (...scopes: string[]) => (await app.admin(await app.token(...scopes)).get(path)).status;
    expect(await status('identity:read')).toBe(403);
    expect(await status('credentials:read')).toBe(403);
    expect(await status('identity:read', 'credentials:read')).toBe(200);
  });
});

describe('a patch that reveals the identity', () => {
  test.each([
    [{ op: 'test', path: '/traits/email', value: 'guess@example.com' }],
    [{ op: 'copy', from: '/metadata_admin', path: '/metadata_public' }],
    [{ op: 'move', from: '/metadata_admin', path: '/metadata_public' }],
  ])('%j needs identity:read', async (operation) => {
    const { id } = await marked();
    const writer = await app.token('identity:write');
    const refused = await app.admin(writer).patch(`/admin/identities/${id}`).send([operation]);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      403,
      expect.stringContaining('scope="identity:read"'),
    ]);
    const reader = await app.token('identity:write', 'identity:read');
    const done = await app.admin(reader).patch(`/admin/identities/${id}`).send([operation]);
    expect(done.status).toBe(operation.op === 'test' ? 400 : 200);
  });
});

test('hidden values are absent or null, so nobody takes them for stored ones', async () => {
  const its = await marked();
  const answer = await app
    .admin(await app.token('identity:write'))
    .patch(`/admin/identities/${its.id}`)
    .send([]);
  const time = expect.any(String) as string;
  expect(answer.body).toEqual({
    id: its.id,
    schema_id: 'person',
    schema_url: time,
    state: 'active',
    state_changed_at: time,
    traits: null,
    metadata_public: null,
    created_at: time,
    updated_at: time,
    organization_id: null,
  });
  const back = await app
    .admin()
    .put(`/admin/identities/${its.id}`)
    .send(answer.body as object);
  expect(back.status).toBe(400);
});
