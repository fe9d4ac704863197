import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { vip } from './vip.js';

let app: TestApp;
let identity = '';

beforeAll(async () => {
  app = await startTestApp({ extensions: [vip], config: { extensions: { 'vip-approval': { hours: 3 } } } });
  const made = await app
    .admin()
    .post('/admin/identities')
    .send({ schema_id: 'person', traits: { email: 'vip@example.com' } });
  identity = (made.body as { id: string }).id;
});
afterAll(() => app?.stop());

describe('routes of an extension', () => {
  test('need a token with the scope that the extension brought', async () => {
    const path = `/admin/vip-approvals/${identity}`;
    expect((await app.anonymousAdmin().post(path)).status).toBe(401);
    expect((await app.admin(await app.token('identity:read')).post(path)).status).toBe(403);
    expect((await app.admin(await app.token('vip:read')).post(path)).status).toBe(403);
    expect((await app.admin(await app.token('vip:approve')).post(path)).status).toBe(204);
    const shown = await app.admin(await app.token('vip:read')).get(path);
    expect(shown.body).toEqual({ id: identity, approved_by: 'test', hours: 3 });
  });

  test('answer on their own listener only', async () => {
    expect((await app.publicAgent().get('/vip/desk')).body).toEqual({ desk: 'nobody' });
    expect((await app.anonymousAdmin().get('/vip/desk')).status).toBe(404);
    expect((await app.publicAgent().get(`/admin/vip-approvals/${identity}`)).status).toBe(404);
  });

  test('stand in the API document, with what they answer to a wrong token', async () => {
    const { body } = await app.anonymousAdmin().get('/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, { security?: object[]; responses: object }>> };
    expect(paths['/admin/vip-approvals/{id}']?.['post']).toMatchObject({
      security: [{ bearer: [] }],
      responses: { 401: expect.any(Object) },
    });
    expect(Object.keys(paths)).toContain('/vip/desk');
  });
});

describe('the database of an extension', () => {
  test('is a schema of its own, with a ledger of its own', async () => {
    const tables = await app.sql<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'ext_vip_approval' ORDER BY 1`,
    );
    expect(tables.map(({ name }) => name)).toEqual(['approval', 'regain_migration']);
    expect(await app.sql('SELECT name FROM ext_vip_approval.regain_migration')).toEqual([{ name: '0001-approvals' }]);
  });

  test.each([
    'public.identity',
    '"public"."session"',
    'ext_other.thing',
    'information_schema.tables',
    'approval, public.access_token',
  ])('never reaches %s', async (table) => {
    const before = app.log.length;
    const { status } = await app.admin().post(`/admin/vip-approvals/foreign/${encodeURIComponent(table)}`);
    expect(status).toBe(500);
    expect(app.log.slice(before).join()).toContain('it may use tables of its schema ext_vip_approval only');
  });

  test('does not find ours without their schema either', async () => {
    const before = app.log.length;
    expect((await app.admin().post('/admin/vip-approvals/foreign/identity')).status).toBe(500);
    expect(app.log.slice(before).join()).toContain('42P01');
  });
});

test('a token can hold its scopes, an unknown one is refused with what there is', async () => {
  const make = (scope: string) =>
    app
      .admin()
      .post('/admin/access-tokens')
      .send({ name: 'desk', scopes: [scope] });
  expect((await make('vip:read')).status).toBe(201);
  const refused = await make('vip:unknown');
  expect(refused.status).toBe(400);
  expect(JSON.stringify(refused.body)).toContain('vip:approve, vip:read');
});
