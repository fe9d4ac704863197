import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import type { Person } from '../support/people.js';
import { person, signIn } from '../support/sign-in.js';

/* A UUID is the same id in every spelling: in paths, queries and bodies. */

const MISSING = { error: { code: 404, status: 'Not Found', message: 'Unable to locate the resource' } };

let app: TestApp;
let ada: Person;
let sessionId: string;
let grantId: string;
let messageId: string;
let tokenId: string;
beforeAll(async () => {
  app = await startTestApp();
  ada = await person(app);
  await signIn(app, ada);
  await newLink(app, ada.id);
  const first = async (path: string) => ((await app.admin().get(path)).body as { id: string }[])[0]!.id;
  sessionId = await first(`/admin/identities/${ada.id}/sessions`);
  grantId = await first(`/admin/recovery/grants?identity_id=${ada.id}`);
  await app.token('audit:read');
  tokenId = await first('/admin/access-tokens?page_size=1');
  messageId = 'b0000000-0000-4000-8000-00000000000c';
  await app.sql(
    `INSERT INTO courier_message (id, status, template_type, recipient) VALUES ($1, 'sent', 'recovery_valid', 'a@example.com')`,
    [messageId],
  );
});
afterAll(() => app?.stop());

const hash = (id: string) => id.replaceAll('-', '');
const SPELLINGS: [string, (id: string) => string][] = [
  ['capitals', (id) => id.toUpperCase()],
  ['no hyphens', hash],
  ['braces', (id) => `{${id}}`],
  ['braces, no hyphens', (id) => `{${hash(id)}}`],
  ['a URN', (id) => `urn:uuid:${id}`],
  ['a URN, no hyphens', (id) => `urn:uuid:${hash(id)}`],
];

describe.each(SPELLINGS)('with %s', (_, spell) => {
  const inPath = (id: string) => encodeURIComponent(spell(id));

  test('every resource is read by its id', async () => {
    for (const [before, id, after] of [
      ['/admin/identities/', ada.id, '?include_credential=password'],
      ['/admin/identities/', ada.id, '/sessions'],
      ['/admin/sessions/', sessionId, '?expand=identity'],
      ['/admin/recovery/grants/', grantId, ''],
      ['/admin/courier/messages/', messageId, ''],
      ['/admin/identities?ids=', ada.id, ''],
      ['/admin/recovery/grants?identity_id=', ada.id, ''],
      ['/admin/audit-events?target_id=', ada.id, ''],
    ] as const) {
      const plain = await app.admin().get(`${before}${id}${after}`);
      expect(plain.status, before + after).toBe(200);
      expect(JSON.stringify(plain.body), before + after).toContain(id);
      const spelt = await app.admin().get(`${before}${inPath(id)}${after}`);
      expect([spelt.status, spelt.body], before + after).toEqual([200, plain.body]);
    }
  });

  test('every resource is changed by its id, in paths and in bodies', async () => {
    const admin = app.admin();
    const id = inPath(ada.id);
    const change = [{ op: 'add', path: '/metadata_public', value: spell('x') }];
    expect((await admin.patch(`/admin/identities/${id}`).send(change)).body).toMatchObject({ id: ada.id });
    const traits = { email: ada.email };
    expect((await admin.put(`/admin/identities/${id}`).send({ traits })).body).toMatchObject({ id: ada.id });
    expect((await admin.patch(`/admin/sessions/${inPath(sessionId)}/extend`)).body).toMatchObject({ id: sessionId });
    expect((await admin.delete(`/admin/identities/${id}/credentials/totp`)).body).toMatchObject({
      error: { reason: 'You tried to remove a totp but this user have no totp set up.' },
    });
    const link = await admin.post('/admin/recovery/link').send({ identity_id: spell(ada.id) });
    expect([link.status, Object.keys(link.body as object)]).toEqual([200, expect.arrayContaining(['recovery_link'])]);
    const patchId = '10000000-0000-4000-8000-000000000001';
    const batch = await admin.patch('/admin/identities').send({
      identities: [{ patch_id: spell(patchId), create: { traits: { email: `batch.${patchId}@example.com` } } }],
    });
    expect(batch.body).toMatchObject({ identities: [{ patch_id: patchId }] });
  });

  test('every resource is deleted by its id', async () => {
    const someone = await person(app);
    await signIn(app, someone);
    await newLink(app, someone.id);
    const [own] = (await app.admin().get(`/admin/identities/${someone.id}/sessions`)).body as { id: string }[];
    const [grant] = (await app.admin().get(`/admin/recovery/grants?identity_id=${someone.id}`)).body as {
      id: string;
    }[];
    for (const path of [
      `sessions/${inPath(own!.id)}`,
      `recovery/grants/${inPath(grant!.id)}`,
      `identities/${inPath(someone.id)}/sessions`,
      `identities/${inPath(someone.id)}`,
      `access-tokens/${inPath(tokenId)}`,
    ])
      expect((await app.admin().delete(`/admin/${path}`)).status, path).toBe(204);
  });
});

describe('an id that is not a UUID', () => {
  const message = 'uuid: incorrect UUID length 10 in string "not-a-uuid"';

  test.each([
    ['get', '/admin/sessions/not-a-uuid'],
    ['delete', '/admin/sessions/not-a-uuid'],
    ['patch', '/admin/sessions/not-a-uuid/extend'],
    ['get', '/admin/identities/not-a-uuid/sessions'],
    ['delete', '/admin/identities/not-a-uuid/sessions'],
    ['get', '/admin/courier/messages/not-a-uuid'],
  ] as const)('%s %s says so, as Kratos does', async (method, path) => {
    const answer = await app.admin()[method](path);
    expect([answer.status, answer.body]).toEqual([400, { error: { code: 400, status: 'Bad Request', message } }]);
  });

  test.each([
    ['get', '/admin/identities/not-a-uuid'],
    ['delete', '/admin/identities/not-a-uuid'],
    ['delete', '/admin/identities/not-a-uuid/credentials/totp'],
    ['get', '/admin/recovery/grants/not-a-uuid'],
    ['delete', '/admin/access-tokens/not-a-uuid'],
  ] as const)('%s %s is not found', async (method, path) => {
    const answer = await app.admin()[method](path);
    expect([answer.status, answer.body]).toEqual([404, MISSING]);
  });

  test('among one’s own sessions', async () => {
    const token = await signIn(app, ada);
    const own = app.publicAgent().set('x-session-token', token);
    expect((await own.delete('/sessions/not-a-uuid')).body).toMatchObject({ error: { code: 400, message } });
    expect((await app.publicAgent().delete('/sessions/not-a-uuid')).status).toBe(401);
    const { id } = (await own.get('/sessions/whoami')).body as { id: string };
    expect((await own.delete(`/sessions/${hash(id)}`)).body).toMatchObject({
      error: { message: 'cannot revoke current session' },
    });
  });

  test('in a query or a body', async () => {
    expect((await app.admin().get('/admin/recovery/grants?identity_id=x')).status).toBe(400);
    expect((await app.admin().post('/admin/recovery/link').send({ identity_id: 'x' })).status).toBe(400);
  });
});
