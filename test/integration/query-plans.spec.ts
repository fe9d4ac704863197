import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/core';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PurgeService } from '../../src/purge/index.js';
import { mentions, piecesOf, strangers } from '../architecture/ownership.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { listening } from '../support/listening.js';
import { person, signIn, signInBrowser } from '../support/sign-in.js';

/* Collects every statement that the application sends, and plans it for tables of realistic size. */

const ROWS = 20_000;

/** Partial indexes on few rows: messages in progress, or failed. */
const OF_FEW_ROWS = ['courier_message_due', 'courier_message_expiring', 'courier_message_abandoned'];

/**
 * Rows that look like years of use. `id(kind)` depends only on the number, so that rows of different tables belong
 * together.
 */
const id = (kind: string): string => `md5('${kind}' || n)::uuid`;
const AGO = `clock_timestamp() - n * interval '1 minute'`;
/** A UUIDv7 for that time. */
const V7 = `(lpad(to_hex((extract(epoch FROM ${AGO}) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 1, 15))::uuid`;
const FILL = {
  identity: `(id, schema_id, traits) SELECT ${id('identity')}, 'person', jsonb_build_object('email', n || '@example.org')`,
  identity_credential: `(id, identity_id, type, config) SELECT ${id('credential')}, ${id('identity')}, 'password', '{"hashed_password": "$2a$08$x"}'`,
  credential_identifier: `(id, credential_id, identity_id, type, value, normalized)
    SELECT ${id('identifier')}, ${id('credential')}, ${id('identity')}, 'password', n || '@example.org', n || '@example.org'`,
  recovery_address: `(id, identity_id, via, value, normalized) SELECT ${id('address')}, ${id('identity')}, 'email', n || '@example.org', n || '@example.org'`,
  verifiable_address: `(id, identity_id, via, value, normalized) SELECT ${id('verifiable')}, ${id('identity')}, 'email', n || '@example.org', n || '@example.org'`,
  recovery_flow: `(id, type, request_url, identity_id, issued_at, expires_at) SELECT ${id('flow')}, 'browser', 'x', ${id('identity')}, ${AGO}, ${AGO}`,
  recovery_grant: `(id, kind, digest, flow_id, identity_id, issued_by_type, created_at, expires_at, used_at)
    SELECT ${id('grant')}, 'link', sha256(n::text::bytea), ${id('flow')}, ${id('identity')}, 'access_token', ${AGO}, ${AGO}, ${AGO}`,
  settings_flow: `(id, type, identity_id, request_url, issued_at, expires_at) SELECT ${id('settings')}, 'browser', ${id('identity')}, 'x', ${AGO}, ${AGO}`,
  login_flow: `(id, type, request_url, issued_at, expires_at) SELECT ${id('login')}, 'browser', 'x', ${AGO}, ${AGO}`,
  session: `(id, token_digest, identity_id, origin, issued_at, expires_at)
    SELECT ${id('session')}, sha256(n::text::bytea), ${id('identity')}, 'login', ${AGO}, clock_timestamp() + interval '1 day'`,
  session_device: `(id, session_id) SELECT ${id('device')}, ${id('session')}`,
  flow_error: `(id, error, created_at) SELECT ${id('error')}, '{}', ${AGO}`,
  courier_message: `(id, status, template_type, recipient, created_at, due_at, expires_at)
    SELECT ${id('message')}, CASE n % 500 WHEN 0 THEN 'abandoned' WHEN 1 THEN 'queued' ELSE 'sent' END, 'recovery_valid', n || '@example.org',
      ${AGO}, ${AGO}, clock_timestamp() + interval '1 hour'`,
  courier_dispatch: `(id, message_id, status) SELECT ${id('dispatch')}, ${id('message')}, 'success'`,
  audit_event: `(id, at, actor_type, actor_id, action, outcome, target_type, target_id)
    SELECT ${V7}, ${AGO}, 'access_token', ${id('actor')}::text, 'action.' || n % 40, 'success', 'identity', ${id('identity')}::text`,
};

let app: TestApp;
/** by text */
const asked = new Map<string, string>();

beforeAll(async () => {
  const recovery = { redeem_on: 'get', hand_over: false };
  const flows = { recovery: { notify_unknown_recipients: true } };
  app = await startTestApp({
    extensions: [listening],
    config: { regain: { recovery }, selfservice: { flows }, courier: SMTP },
  });
  for (const [table, rows] of Object.entries(FILL))
    await app.sql(`INSERT INTO ${table} ${rows} FROM generate_series(1, ${ROWS}) AS n`);
  await app.sql('ANALYZE');
  await collect();
}, 120_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await app?.stop();
});

const SMTP = { smtp: { connection_uri: 'smtp://127.0.0.1:9/?disable_starttls=true' } };

/** Collects every statement from now on. */
async function collect(): Promise<void> {
  const connection = app.get(MikroORM).em.getConnection() as unknown as {
    getNativeClient(): Promise<{ Client: typeof pg.Client }>;
  };
  const { Client } = await connection.getNativeClient(); // the ORM's own driver, which may be another release than ours
  const query = Client.prototype.query as (...given: unknown[]) => unknown;
  vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
    const [first] = given as [string | { text: string; name?: string }];
    if (typeof first === 'string') asked.set(first, '');
    else asked.set(first.text, first.name ?? '');
    return query.apply(this, given) as never;
  });
}

interface Plan {
  'Node Type': string;
  'Index Cond'?: string;
  'Index Name'?: string;
  Filter?: string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/** Also counts a scan that walks an index in order and filters the rows, except on indexes of few rows. */
const readsAll = (node: Plan): boolean =>
  node['Node Type'] === 'Seq Scan' ||
  (node['Index Name'] !== undefined &&
    node['Index Cond'] === undefined &&
    node.Filter !== undefined &&
    !OF_FEW_ROWS.includes(node['Index Name']));
const nodes = (plan: Plan): Plan[] => [
  plan,
  ...(plan.Plans ?? []).filter((below) => !isCut(plan, below)).flatMap(nodes),
];
/** A scan without a filter directly below a limit: it reads no more rows than requested. */
const isCut = (above: Plan, below: Plan): boolean =>
  above['Node Type'] === 'Limit' && below.Plans === undefined && below.Filter === undefined;

/** The large tables that a statement reads from end to end. */
async function readWhole(text: string): Promise<string[]> {
  const explained = `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`;
  const [row] = await app.sql<{ 'QUERY PLAN': { Plan: Plan }[] }>(explained);
  return nodes(row!['QUERY PLAN'][0]!.Plan)
    .filter((node) => node['Relation Name'] !== undefined && node['Relation Name'] in FILL && readsAll(node))
    .map((node) => node['Relation Name']!);
}

async function useEverything(): Promise<void> {
  const admin = app.admin();
  const someone = await person(app);
  const { id } = someone;
  const get = (path: string, status = 200) => admin.get(path).expect(status);
  await get('/admin/identities?page_size=10');
  await get(`/admin/identities?credentials_identifier=${someone.email}`);
  await get(`/admin/identities?ids=${id}`);
  await get('/admin/identities?page=2&per_page=10');
  await get('/admin/identities?preview_credentials_identifier_similar=777@exam');
  await get('/admin/identities?preview_credentials_identifier_similar=12');
  await get(`/admin/identities/${id}?include_credential=password`);
  await get('/admin/identities/by/external/nobody', 404);
  await admin.patch(`/admin/identities/${id}`).send([
    { op: 'replace', path: '/metadata_public', value: {} },
    { op: 'replace', path: '/verifiable_addresses/0/verified', value: true },
  ]);
  const link = await newLink(app, id);
  const followed = await app
    .publicAgent()
    .get(link.pathname + link.search)
    .expect(303);
  const settings = new URL(followed.headers['location']!).searchParams.get('flow');
  const cookies = (followed.headers['set-cookie'] as unknown as string[]).map((line) => line.split(';')[0]).join('; ');
  await app.publicAgent().get(`/self-service/settings/flows?id=${settings}`).set('cookie', cookies).expect(200);
  await app.publicAgent().get('/sessions/whoami').set('cookie', cookies).expect(200);
  await app.publicAgent().get('/sessions').set('cookie', cookies).expect(200);
  await app.publicAgent().delete('/sessions').set('cookie', cookies).expect(200);
  const token = await signIn(app, someone);
  const agent = await signInBrowser(app, someone);
  await agent.get('/self-service/logout/browser').expect(200);
  const sessions = (await get(`/admin/identities/${id}/sessions`)).body as { id: string }[];
  await get('/admin/sessions?page_size=10');
  await get(`/admin/sessions/${sessions[0]!.id}`);
  await app.publicAgent().delete('/self-service/logout/api').send({ session_token: token }).expect(204);
  await askForMail(someone.email);
  await askForMail('nobody@example.net');
  for (const question of ['', `?identity_id=${id}`, '?state=used', `?identity_id=${id}&state=used`])
    await get(`/admin/recovery/grants${question}`);
  const [grant] = (await get(`/admin/recovery/grants?identity_id=${id}`)).body as { id: string }[];
  await get(`/admin/recovery/grants/${grant!.id}`);
  await newLink(app, id);
  const [live] = (await get(`/admin/recovery/grants?identity_id=${id}&state=active`)).body as { id: string }[];
  await admin.delete(`/admin/recovery/grants/${live!.id}`).expect(204);
  for (const question of [
    '',
    '?status=abandoned',
    '?status=queued',
    '?recipient=1@example.org',
    '?recipient=1@example.org&status=sent',
  ])
    await get(`/admin/courier/messages${question}`);
  const [mail] = (await get(`/admin/courier/messages?recipient=${someone.email}`)).body as { id: string }[];
  await get(`/admin/courier/messages/${mail!.id}`);
  for (const question of [
    '',
    `?target_id=${id}`,
    `?actor_id=${id}`,
    '?action=session.login',
    '?since=2030-01-01T00:00:00Z',
  ])
    await get(`/admin/audit-events${question}`);
  await app.get(PurgeService).run(3_600);
  await admin.delete(`/admin/identities/${id}/sessions`).expect(204);
  await admin.delete(`/admin/identities/${id}`).expect(204);
}

async function askForMail(email: string): Promise<void> {
  const { body } = await app.publicAgent().get('/self-service/recovery/api').expect(200);
  const path = `/self-service/recovery?flow=${(body as { id: string }).id}`;
  await app.publicAgent().post(path).set('accept', 'application/json').send({ method: 'link', email }).expect(200);
}

let planned: [text: string, name: string][];
beforeAll(async () => {
  await useEverything();
  planned = [...asked].filter(([text]) => /^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)/i.test(text));
}, 120_000);

describe('whose tables a statement names', () => {
  const pieces = piecesOf(join(import.meta.dirname, '../..')).filter(({ text }) => mentions(text).length > 0);

  test('are its module’s own, or come through the owner’s sql.ts', () => {
    const found = Object.fromEntries(
      planned.map(([text, name]) => [name || text.slice(0, 200), strangers(text, pieces)] as const),
    );
    expect(Object.entries(found).filter(([, tables]) => tables.length > 0)).toEqual([]);
  });

  test('otherwise they are found', () => {
    expect(strangers('SELECT 1 AS nobody_wrote_this FROM identity', pieces)).toEqual(['identity']);
    expect(strangers('SELECT "identity".state FROM "identity"', pieces)).toEqual([]);
  });
});

test('no statement reads a whole table', { timeout: 120_000 }, async () => {
  expect(planned.length).toBeGreaterThan(60);
  const found: Record<string, string[]> = {};
  for (const [text, name] of planned) {
    const tables = await readWhole(text);
    if (tables.length > 0) found[name || text] = tables;
  }
  expect(found).toEqual({});
});
