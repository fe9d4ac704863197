import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PurgeService } from '../../src/purge/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, type Mail, mailTo, nativeFlow, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';

let app: TestApp;
let hiding: TestApp;
beforeAll(async () => {
  app = await startTestApp({ config: mailed('code') });
  hiding = await startTestApp({ databaseUrl: app.databaseUrl, config: mailed('code', { regain: { courier: {} } }) });
});
afterAll(async () => {
  await hiding.stop();
  await app.stop();
});

async function askedFor(times = 1): Promise<string> {
  const { email } = await newPerson(app);
  const flow = await nativeFlow(app);
  for (let i = 0; i < times; i++) await submitTo(app, flow, { method: 'code', email }).expect(200);
  return email;
}

describe('GET /admin/courier/messages', () => {
  test('shows a message as Kratos does', async () => {
    const email = await askedFor();
    const [message] = await mailTo(app, email);
    expect(message).toMatchObject({
      status: 'queued',
      type: 'email',
      channel: 'email',
      recipient: email,
      template_type: 'recovery_code_valid',
      send_count: 0,
    });
    expect(message!.subject).toMatch(/^Use code \d{6} to recover access to your account$/);
    expect((await app.admin().get(`/admin/courier/messages/${message!.id}`).expect(200)).body).toEqual(message);
  });

  test('goes page by page, newest first, without gaps', async () => {
    const email = await askedFor(5);
    const ids: string[] = [];
    let path: string | undefined = `/admin/courier/messages?recipient=${encodeURIComponent(email)}&page_size=2`;
    const sizes: number[] = [];
    while (path !== undefined) {
      const answer: { body: Mail[]; headers: Record<string, string> } = await app.admin().get(path).expect(200);
      ids.push(...answer.body.map(({ id }) => id));
      sizes.push(answer.body.length);
      path = /<([^>]*)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1];
    }
    expect(sizes).toEqual([2, 2, 1]);
    const stored = await app.sql<{ id: string }>(
      'SELECT id FROM courier_message WHERE recipient = $1 ORDER BY created_at DESC',
      [email],
    );
    expect(ids).toEqual(stored.map(({ id }) => id));
  });

  test('filters by status', async () => {
    const email = await askedFor();
    const list = (status: string) => app.admin().get('/admin/courier/messages').query({ recipient: email, status });
    expect((await list('queued').expect(200)).body).toHaveLength(1);
    expect((await list('sent').expect(200)).body).toEqual([]);
    expect((await list('suppressed').expect(400)).body.error.reason).toBe('Message status is not valid');
  });

  test.each([
    ['page_size=0', 'The parameter `page_size` must be a whole number of at least 1.'],
    ['page_size=x', 'The parameter `page_size` must be a whole number of at least 1.'],
    ['page_token=x', 'The page token is invalid, do not craft your own page tokens'],
  ])('refuses %s', async (query, reason) => {
    expect((await app.admin().get(`/admin/courier/messages?${query}`).expect(400)).body.error.reason).toBe(reason);
  });

  test('needs its scope, and finds no other ids', async () => {
    await app
      .admin(await app.token('identity:read'))
      .get('/admin/courier/messages')
      .expect(403);
    await app
      .admin(await app.token('courier:read'))
      .get('/admin/courier/messages')
      .expect(200);
    await app.anonymousAdmin().get('/admin/courier/messages').expect(401);
    await app.admin().get('/admin/courier/messages/b0000000-0000-4000-8000-00000000000b').expect(404);
    await app.admin().get('/admin/courier/messages/odd').expect(400);
  });

  test('never shows suppressed messages', async () => {
    const email = `nobody.${Date.now()}@example.com`;
    await submitTo(app, await nativeFlow(app), { method: 'code', email }).expect(200);
    const [row] = await app.sql<{ id: string; status: string }>(
      'SELECT id, status FROM courier_message WHERE recipient = $1',
      [email],
    );
    expect(row!.status).toBe('suppressed');
    expect(await mailTo(app, email)).toEqual([]);
    await app.admin().get(`/admin/courier/messages/${row!.id}`).expect(404);
  });
});

describe('the secret of a message', () => {
  test('is hidden by default, in the subject too', async () => {
    const email = await askedFor();
    const [message] = await mailTo(hiding, email);
    expect(message!.subject).toBe('Use code redacted to recover access to your account');
    expect(message!.body).toContain('\nredacted\n');
    expect(message!.subject + message!.body).not.toMatch(/\d{6}/);
  });

  test.each(['sent', 'abandoned'])(
    'is hidden once the message is %s, whatever the configuration says',
    async (status) => {
      const email = await askedFor();
      await app.sql('UPDATE courier_message SET status = $2 WHERE recipient = $1', [email, status]);
      expect((await mailTo(app, email))[0]!.subject).toBe('Use code redacted to recover access to your account');
      await app.sql('UPDATE courier_message SET secret = NULL, key_id = NULL WHERE recipient = $1', [email]);
      expect((await mailTo(app, email))[0]!.body).toContain('\nredacted\n');
    },
  );

  test('is nowhere in the row', async () => {
    const email = await askedFor();
    const code = /\d{6}/.exec((await mailTo(app, email))[0]!.subject)![0];
    const [row] = await app.sql<{ text: string; secret: Buffer; key_id: string }>(
      'SELECT m::text AS text, secret, key_id FROM courier_message m WHERE recipient = $1',
      [email],
    );
    for (const spelling of [code, Buffer.from(code).toString('hex'), Buffer.from(code).toString('base64')])
      expect(row!.text).not.toContain(spelling);
    expect(row!.secret.length).toBe(12 + 16 + 6);
    expect(row!.key_id).toMatch(/^[0-9a-f]{8}$/);
  });

  test('is not shown from another message’s row', async () => {
    const [one, two] = [await askedFor(), await askedFor()];
    await app.sql(
      `UPDATE courier_message SET secret = (SELECT secret FROM courier_message WHERE recipient = $2) WHERE recipient = $1`,
      [one, two],
    );
    expect((await mailTo(app, one))[0]!.subject).toBe('Use code redacted to recover access to your account');
  });
});

test('purge removes messages that ended long ago and no others', async () => {
  const [old, young] = [await askedFor(), await askedFor()];
  await app.sql(
    `UPDATE courier_message SET status = 'sent', secret = NULL, key_id = NULL, updated_at = clock_timestamp() - interval '31 days'
     WHERE recipient = $1`,
    [old],
  );
  const reports = await app.get(PurgeService).run(30 * 24 * 3600);
  expect(reports.find(({ name }) => name === 'courier messages')!.removed).toBe(1);
  expect(await mailTo(app, old)).toEqual([]);
  expect(await mailTo(app, young)).toHaveLength(1);
});
