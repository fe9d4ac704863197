import { afterAll, beforeAll, expect, test } from 'vitest';
import { PurgeService } from '../../src/purge/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';

/**
 * Runs the main job and its failures with known secrets. Afterwards no table and no log line contains one, in any
 * encoding.
 */
let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
afterAll(() => app.stop());

const PASSWORD = 'canary pass phrase 4711';
const spellings = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2),
  Buffer.from(secret).toString('hex'),
];

async function everyRow(): Promise<string> {
  const tables = await app.sql<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => app.sql<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

async function mainJob(): Promise<{ secrets: string[]; email: string }> {
  const { id, email } = await newPerson(app);
  const [link, unused] = [await newLink(app, id), await newLink(app, (await newPerson(app)).id)];
  const browser = new Browser();
  const confirm = await browser.get((await browser.get(link)).location);
  const settings = await browser.get((await browser.submit(confirm)).location);
  const recovered = browser.cookies.get('ory_kratos_session')!;
  await browser.submit(settings, { method: 'password', password: 'short' });
  await browser.submit(settings, { method: 'password', password: PASSWORD });
  const login = await app.publicAgent().get('/self-service/login/api').expect(200);
  const submit = (password: string) =>
    app
      .publicAgent()
      .post(`/self-service/login?flow=${login.body.id}`)
      .send({ method: 'password', identifier: email, password });
  await submit(`${PASSWORD} wrong`).expect(400);
  const session = (await submit(PASSWORD).expect(200)).body.session_token as string;
  await app.publicAgent().get('/sessions/whoami').set('x-session-token', session).expect(200);
  await app.publicAgent().get(`/sessions/whoami?token=${session}`).expect(401);
  await app
    .admin(`ory_pat_${'Q7'.repeat(16)}`)
    .get('/admin/identities')
    .expect(401);
  await new Browser().get(
    `${app.publicUrl}/self-service/recovery?flow=b0000000-0000-4000-8000-00000000000b&token=${unused.searchParams.get('token')}`,
  );
  await new Browser().get(
    `${app.publicUrl}/self-service/login/browser?code=${unused.searchParams.get('token')}&state=${unused.searchParams.get('token')}`,
  );
  const tokens = [link, unused].map((url) => url.searchParams.get('token')!);
  return { secrets: [...tokens, recovered, session, app.pat, PASSWORD, `Q7`.repeat(16)], email };
}

test('the main job leaves no secret in the database or the log, and no address in the log', async () => {
  const { secrets, email } = await mainJob();
  const [database, log] = [await everyRow(), app.log.join('\n')];
  expect(app.log.length).toBeGreaterThan(10);
  expect(database).toContain(email);
  for (const spelling of secrets.flatMap(spellings)) {
    expect(database.includes(spelling), `database holds ${spelling}`).toBe(false);
    expect(log.includes(spelling), `log holds ${spelling}`).toBe(false);
  }
  expect(log).not.toContain('@example.com');
  expect(log).not.toContain('/self-service/recovery?');
});

test('request log lines contain the route’s pattern, a request id and a status', async () => {
  const answer = await app.admin().get('/admin/identities/b0000000-0000-4000-8000-00000000000b').expect(404);
  const line = app.log
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .find((l) => l['request_id'] === answer.headers['x-request-id']);
  expect(line).toMatchObject({ listener: 'admin', method: 'GET', route: '/admin/identities/:id', status: 404 });
});

test('a dump of the database lets nobody in', async () => {
  const { id } = await newPerson(app);
  await newLink(app, id);
  const [grant] = await app.sql<{ digest: Buffer; flow_id: string }>(
    'SELECT digest, flow_id FROM recovery_grant WHERE identity_id = $1',
    [id],
  );
  const forms = [grant!.digest.toString('hex'), grant!.digest.toString('base64'), grant!.digest.toString('base64url')];
  for (const token of forms) {
    const browser = new Browser();
    const url = `${app.publicUrl}/self-service/recovery?flow=${grant!.flow_id}&token=${encodeURIComponent(token)}`;
    const answer = await browser.submit(await browser.get((await browser.get(url)).location));
    expect(answer.location).toContain('/ui/recovery?flow=');
  }
});

test('not even the application’s own role can change or remove audit events', async () => {
  await newPerson(app);
  await expect(app.sql('UPDATE audit_event SET action = $1', ['x'])).rejects.toMatchObject({ code: '42501' });
  await expect(app.sql('DELETE FROM audit_event')).rejects.toMatchObject({ code: '42501' });
  await expect(app.sql('TRUNCATE audit_event')).rejects.toMatchObject({ code: '42501' });
});

test('purge removes what ended long ago, and nothing live', async () => {
  const { id } = await newPerson(app);
  const [dead, alive] = [await newLink(app, id), await newLink(app, id)];
  await app.publicAgent().get('/self-service/recovery/api').expect(200);
  await app.sql(
    `UPDATE recovery_flow SET expires_at = clock_timestamp() - interval '31 days' WHERE id = $1 OR identity_id IS NULL`,
    [dead.searchParams.get('flow')],
  );
  const reports = await app.get(PurgeService).run(30 * 24 * 3600);
  expect(reports.filter((report) => report.removed > 0).map((report) => report.name)).toEqual([
    'recovery flows that mailed nothing',
    'recovery flows and their grants',
  ]);
  const left = await app.sql<{ flow_id: string }>('SELECT flow_id FROM recovery_grant WHERE identity_id = $1', [id]);
  expect(left).toEqual([{ flow_id: alive.searchParams.get('flow') }]);
  expect((await app.get(PurgeService).run(30 * 24 * 3600)).every((report) => report.removed === 0)).toBe(true);
});
