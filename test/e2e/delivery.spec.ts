import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { mailed, nativeFlow, submitTo } from '../support/mail.js';
import { MailServer } from '../support/mail-server.js';
import { makeDue, storedMessages, writeMessages, type StoredMessage } from '../support/outbox.js';
import { newPerson } from '../support/people.js';
import { until } from '../support/until.js';

let server: MailServer;
let app: TestApp;
beforeAll(async () => {
  server = await MailServer.start();
  app = await startTestApp({
    deliver: true,
    config: {
      ...mailed('code', { regain: { courier: { show_unsent_secrets: true, send_timeout: '4s' } } }),
      courier: {
        smtp: {
          connection_uri: server.uri,
          from_address: 'support@regain.example',
          from_name: 'Support, "Regain"',
          headers: { 'X-Own': 'yes' },
          local_name: 'node1.regain.example',
        },
      },
    },
  });
});
afterAll(async () => {
  await app.stop();
  await server.stop();
});

let count = 0;
const address = (what: string): string => `${what}.${++count}@example.com`;

const stored = async (id: string): Promise<StoredMessage> =>
  (await storedMessages(app.sql)).find((message) => message.id === id)!;

const whenIs = (id: string, status: string): Promise<StoredMessage> =>
  until(`message is ${status}`, async () => {
    const message = await stored(id);
    return message.status === status ? message : undefined;
  });

const whenFailed = (id: string, times = 1): Promise<StoredMessage> =>
  until('the try failed', async () => {
    const message = await stored(id);
    return message.status === 'queued' && message.send_count === times && message.errors.length > 0
      ? message
      : undefined;
  });

async function write(recipient: string, data: object = {}) {
  const [message] = await writeMessages(app.sql, [recipient], { data });
  return message!;
}

describe('a message', () => {
  test('for a recovery is sent to the stored address, and its secret is erased then', async () => {
    const { email } = await newPerson(app);
    await submitTo(app, await nativeFlow(app), { method: 'code', email: email.toUpperCase() }).expect(200);
    const mail = await until('the mail', () => server.to(email)[0]);
    expect(mail.to).toEqual([email]);
    const code = /^\d{6}$/m.exec(mail.raw)?.[0] ?? '';
    expect(code).toHaveLength(6);
    const [row] = await app.sql<{ id: string }>('SELECT id FROM courier_message WHERE recipient = $1', [email]);
    expect(await whenIs(row!.id, 'sent')).toMatchObject({ has_secret: false, send_count: 1 });
    const { body } = await app.admin().get(`/admin/courier/messages/${row!.id}`).expect(200);
    expect(JSON.stringify(body)).not.toContain(code);
    expect(body).toMatchObject({
      status: 'sent',
      subject: 'Use code redacted to recover access to your account',
      send_count: 1,
      dispatches: [{ message_id: row!.id, status: 'success' }],
    });
    const dump = await app.sql<{ text: string }>('SELECT m::text AS text FROM courier_message m');
    expect(dump.filter(({ text }) => text.includes(code))).toEqual([]);
  });

  test('has its own Message-ID, both parts, and what the configuration adds', async () => {
    const message = await write(address('whole'), { replyTo: 'desk@regain.example' });
    const { raw, from, messageId } = await until('the mail', () => server.to(message.recipient)[0]);
    expect(messageId).toBe(`<${message.id}@regain.example>`);
    expect(from).toBe('support@regain.example');
    expect(raw).toMatch(/^From: "Support, \\"Regain\\"" <support@regain\.example>\r?$/m);
    expect(raw).toMatch(/^X-Own: yes\r?$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
    expect(raw).toMatch(/^Reply-To: desk@regain\.example\r?$/m);
    expect(raw).toMatch(/^Content-Type: multipart\/alternative/m);
    expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8\r?$/m);
    expect(raw).toMatch(/^Content-Type: text\/html; charset=utf-8\r?$/m);
    expect(server.hello.at(-1)).toBe('node1.regain.example');
  });

  test.each([
    'a@example.com, b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    '"a@evil.example a"@example.com',
    'a@example.com>b@example.com',
    'group:a@example.com;',
    'nobody',
  ])('to %j is not sent', async (recipient) => {
    const tried = server.tries.length;
    const message = await write(recipient);
    expect(await whenIs(message.id, 'abandoned')).toMatchObject({
      errors: ['the recipient is not one address'],
      has_secret: false,
    });
    expect(server.tries.slice(tried)).toEqual([]);
  });

  test.each([
    ['with an unknown key', `UPDATE courier_message SET key_id = 'deadbeef' WHERE id = $1`],
    ['with an unknown template', `UPDATE courier_message SET template_type = 'from_the_future' WHERE id = $1`],
  ])('%s is retried later, because another node may have it', async (_what, sql) => {
    const recipient = address('foreign');
    server.behave = (to) => (to === recipient ? 451 : 'accept');
    const message = await write(recipient);
    await whenFailed(message.id);
    await app.sql(sql, [message.id]);
    await makeDue(app.sql, [message.id]);
    const { errors, has_secret } = await whenFailed(message.id, 2);
    expect(errors.at(-1)).toBe('it cannot be written here: its key or its template is missing');
    expect(has_secret).toBe(true);
    server.behave = () => 'accept';
  });

  test('that has expired is not sent', async () => {
    const message = await write(address('expired'), { minutes: -1 });
    expect(await whenIs(message.id, 'abandoned')).toMatchObject({ errors: ['it has expired'], has_secret: false });
    expect(server.to(message.recipient)).toEqual([]);
  });

  test.each([
    ['revoked', `UPDATE recovery_grant SET revoked_at = now() WHERE identity_id = $1`],
    ['used', `UPDATE recovery_grant SET used_at = now() WHERE identity_id = $1`],
    ['of an inactive identity', `UPDATE identity SET state = 'inactive' WHERE id = $1`],
    ['of a deleted identity', `DELETE FROM identity WHERE id = $1`],
  ])('about a code that is %s is not sent', async (_what, sql) => {
    const { email, id } = await newPerson(app);
    server.behave = (recipient) => (recipient === email ? 451 : 'accept');
    await submitTo(app, await nativeFlow(app), { method: 'code', email }).expect(200);
    const row = await until('the message', async () =>
      (await storedMessages(app.sql)).find((m) => m.recipient === email),
    );
    await whenFailed(row.id);
    await app.sql(sql, [id]);
    server.behave = () => 'accept';
    await makeDue(app.sql, [row.id]);
    expect(await whenIs(row.id, 'abandoned')).toMatchObject({
      errors: ['the server answered RCPT TO with 451', 'it can no longer be used'],
      has_secret: false,
    });
    expect(server.to(email)).toEqual([]);
  });
});

describe('a server that refuses a message', () => {
  afterEach(() => (server.behave = () => 'accept'));

  test('with 5xx: it is abandoned at once for good, without its secret', async () => {
    const recipient = address('refused');
    server.behave = (to) => (to === recipient ? 550 : 'accept');
    const message = await write(recipient);
    expect(await whenIs(message.id, 'abandoned')).toMatchObject({ send_count: 1, has_secret: false });
    await makeDue(app.sql, [message.id]);
    await app.sql(`INSERT INTO regain_queue.job (name, data) VALUES ('courier', $1)`, [{ id: message.id }]);
    await setTimeout(2_500);
    expect(await stored(message.id)).toMatchObject({ status: 'abandoned', send_count: 1 });
    expect(server.tries.filter((to) => to === recipient)).toHaveLength(1);
    const { body } = await app.admin().get(`/admin/courier/messages/${message.id}`).expect(200);
    expect(body.dispatches).toMatchObject([
      { status: 'failed', error: { message: 'the server answered RCPT TO with 550', code: 550 } },
    ]);
    expect(JSON.stringify(body)).not.toContain(message.code);
  });

  test('with 4xx: it is retried later, at growing intervals, and abandoned in the end', async () => {
    const recipient = address('later');
    server.behave = (to) => (to === recipient ? 451 : 'accept');
    const message = await write(recipient);
    const [first, factor, longest] = [30, 4, 7_200];
    for (let tries = 1; tries <= 5; tries++) {
      const { due_in, errors } = await whenFailed(message.id, tries);
      const expected = Math.min(first * factor ** (tries - 1), longest);
      expect(due_in).toBeGreaterThan(expected * 0.8 - 5);
      expect(due_in).toBeLessThan(expected * 1.2);
      expect(errors).toEqual(['the server answered RCPT TO with 451']);
      await makeDue(app.sql, [message.id]);
    }
    expect(await whenIs(message.id, 'abandoned')).toMatchObject({ send_count: 6, has_secret: false });
  });

  test.each([
    ['reset after DATA', 'reset', 'the connection broke'],
    ['silence after DATA', 'silent', 'no answer in time'],
  ] as const)('with a %s: it is retried, with the same Message-ID', async (_what, behaviour, said) => {
    const recipient = address(behaviour);
    server.behave = (to) => (to === recipient ? behaviour : 'accept');
    const message = await write(recipient);
    expect((await whenFailed(message.id)).errors).toEqual([said]);
    server.behave = () => 'accept';
    await makeDue(app.sql, [message.id]);
    await whenIs(message.id, 'sent');
    expect(server.to(recipient).map(({ messageId }) => messageId)).toEqual([`<${message.id}@regain.example>`]);
  });

  test('after accepting it, because the connection broke, gets it at most twice, with the same Message-ID', async () => {
    const recipient = address('lost');
    server.behave = (to) => (to === recipient && server.to(to).length === 0 ? 'lost' : 'accept');
    const message = await write(recipient);
    await whenFailed(message.id);
    await makeDue(app.sql, [message.id]);
    await whenIs(message.id, 'sent');
    expect(new Set(server.to(recipient).map(({ messageId }) => messageId)).size).toBe(1);
    expect(server.to(recipient)).toHaveLength(2);
  });
});

/** If silent messages kept their places, healthy ones would wait for 30 s, four times over. */
describe('40 messages that the server never answers', () => {
  let slow: MailServer;
  let patient: TestApp;
  beforeAll(async () => {
    slow = await MailServer.start();
    slow.behave = (to) => (to.startsWith('silent') ? 'silent' : 'accept');
    patient = await startTestApp({ deliver: true, config: { courier: { smtp: { connection_uri: slow.uri } } } });
  });
  afterAll(async () => {
    await patient.stop();
    await slow.stop();
  });

  test.each([
    ['at the head', (i: number) => i < 40],
    ['in between', (i: number) => i % 2 === 0],
  ])('%s delay neither healthy mail nor the API', async (_where, isSilent) => {
    const before = await latency(patient);
    const all = Array.from({ length: 80 }, (_, i) => address(isSilent(i) ? 'silent' : 'healthy'));
    const healthy = all.filter((to) => to.startsWith('healthy'));
    const began = performance.now();
    await writeMessages(patient.sql, all);
    const meanwhile = await latency(patient);
    await until('healthy mail', () => healthy.every((to) => slow.to(to).length === 1) || undefined);
    const slowest = Math.round(Math.max(...healthy.map((to) => slow.to(to)[0]!.at - began)));
    console.log(
      `the last healthy mail after ${slowest} ms; median API answer ${before} ms before, ${meanwhile} ms meanwhile`,
    );
    expect(slowest).toBeLessThan(15_000);
  });
});

/** Milliseconds: the median answer of the admin API. */
async function latency(app: TestApp): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 40; i++) {
    const began = performance.now();
    await app.admin().get('/admin/courier/messages?page_size=1').expect(200);
    times.push(performance.now() - began);
  }
  return Math.round(times.sort((a, b) => a - b)[20]!);
}
