import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalizeIdentifier } from '../../src/identity/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { beginNative } from '../support/login-steps.js';
import { longestBlock } from '../support/raw-http.js';
import { field, person, signIn, signInBrowser } from '../support/sign-in.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ config: { regain: { serve: { public_body_limit: '1MB' } } } });
});
afterAll(async () => app.stop());

/**
 * Milliseconds that one request may block all others: about 50 on a dedicated core, more here, where tests share one.
 */
const MOST = 400;

const json = { 'content-type': 'application/json', accept: 'application/json' };

/**
 * One request: its status, and how long it blocked all others. The best of a few runs, because other programs use the
 * machine too.
 */
async function send(
  path: string,
  method: string,
  body: string,
  headers: object = {},
): Promise<{ status: number; blocked: number }> {
  let status = 0;
  let blocked = Infinity;
  for (let tries = 0; tries < 4 && blocked >= MOST; tries++) {
    const now = await longestBlock(async () => {
      const answer = await fetch(app.publicUrl + path, { method, body, headers: { ...json, ...headers } });
      status = answer.status;
      await answer.arrayBuffer();
    });
    blocked = Math.min(blocked, now);
  }
  return { status, blocked };
}

/* Regression: composing 240,000 combining marks of two classes blocked the whole server for 42 s. */
describe('an identifier of half a megabyte costs no more than a short one', () => {
  const HOSTILE: [string, string][] = [
    ['combining marks in the wrong order', `a${'\u0301\u0323'.repeat(120_000)}`],
    ['ligatures that expand to 18 letters', '\ufdfa'.repeat(340_000)],
    ['invisible characters', '\u200b'.repeat(340_000)],
    ['plain letters', 'a'.repeat(1_000_000)],
  ];

  test.each(HOSTILE)('at login: %s', async (_, identifier) => {
    const { id } = await beginNative(app);
    const body = JSON.stringify({ method: 'password', identifier, password: 'x' });
    const { status, blocked } = await send(`/self-service/login?flow=${id}`, 'POST', body);
    expect(status).toBe(400);
    expect(blocked).toBeLessThan(MOST);
  });

  test.each(HOSTILE)('as a trait: %s', async (_, letters) => {
    const token = await signIn(app, await person(app));
    const began = await app.publicAgent().get('/self-service/settings/api').set('x-session-token', token).expect(200);
    const body = JSON.stringify({ method: 'profile', traits: { email: `${letters}@example.com` } });
    const path = `/self-service/settings?flow=${(began.body as { id: string }).id}`;
    const { status, blocked } = await send(path, 'POST', body, { 'x-session-token': token });
    expect(status).toBe(400);
    expect(blocked).toBeLessThan(MOST);
  });

  test('is not stored with the login flow', async () => {
    const { id } = await beginNative(app);
    const body = JSON.stringify({ method: 'password', identifier: 'a'.repeat(500_000), password: 'x' });
    await send(`/self-service/login?flow=${id}`, 'POST', body);
    const [row] = await app.sql<{ bytes: number }>(
      'SELECT octet_length(submitted::text) AS bytes FROM login_flow WHERE id = $1',
      [id],
    );
    expect(row!.bytes).toBeLessThan(5_000);
  });

  test('two different long ones stay different, and one within the limit is still folded', () => {
    const long = 'É'.repeat(2_000);
    expect(normalizeIdentifier(`${long}a`)).not.toBe(normalizeIdentifier(`${long}b`));
    expect(normalizeIdentifier(` ${'É'.repeat(500)} `)).toBe('é'.repeat(500));
  });
});

/*
 * Regression: a reviver ran for each of half a million values (0.7 s), and class-transformer copied 80,000 unknown keys
 * (seconds).
 */
describe('a body of one megabyte', () => {
  const keys = (count: number): string => Array.from({ length: count }, (_, i) => `"k${i}":0`).join(',');
  const BODIES: [string, string][] = [
    ['half a million numbers', `{"a":[${'0,'.repeat(520_000)}0]}`],
    ['a third of a million objects', `{"a":[${'{},'.repeat(340_000)}0]}`],
    ['70,000 keys', `{${keys(70_000)}}`],
    ['40,000 keys, which are within the limit', `{${keys(40_000)}}`],
    ['40,000 keys in a known one', `{"session_token":{${keys(40_000)}}}`],
    ['100,000 escapes', `{"a":"${'\\u00e9'.repeat(100_000)}"}`],
    ['deep lists', '['.repeat(1_000_000)],
    ['deep objects', '{"a":'.repeat(200_000)],
    ['a number of half a megabyte', `{"a":${'9'.repeat(500_000)}}`],
  ];

  test.each(BODIES)('of JSON at login: %s', async (_, body) => {
    const { id } = await beginNative(app);
    const { status, blocked } = await send(`/self-service/login?flow=${id}`, 'POST', body);
    expect(status).toBe(400);
    expect(blocked).toBeLessThan(MOST);
  });

  test.each(BODIES)('of JSON at the native logout: %s', async (_, body) => {
    const { status, blocked } = await send('/self-service/logout/api', 'DELETE', body);
    expect([400, 403]).toContain(status);
    expect(blocked).toBeLessThan(MOST);
  });

  test.each([
    ['ampersands', '&'.repeat(1_000_000)],
    ['equal signs', '='.repeat(1_000_000)],
    ['percent signs', `a=${'%'.repeat(1_000_000)}`],
    ['one long value', `identifier=${'a'.repeat(1_000_000)}`],
  ])('of a form: %s', async (_, body) => {
    const { id } = await beginNative(app);
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, blocked } = await send(`/self-service/login?flow=${id}`, 'POST', body, type);
    expect(status).toBe(400);
    expect(blocked).toBeLessThan(MOST);
  });
});

test('the longest allowed password is compared with the longest identifier quickly', async () => {
  const somebody = await person(app);
  const agent = await signInBrowser(app, somebody);
  const { body } = await agent.get('/self-service/settings/browser').set('accept', 'application/json').expect(200);
  const flow = body as { id: string; ui: { nodes: { attributes: { name: string; value?: string } }[] } };
  let status = 0;
  const blocked = await longestBlock(async () => {
    const answer = await agent
      .post(`/self-service/settings?flow=${flow.id}`)
      .set('accept', 'application/json')
      .send({ method: 'password', password: 'ab'.repeat(512), csrf_token: field(flow, 'csrf_token') });
    status = answer.status;
  });
  expect([200, 400]).toContain(status);
  expect(blocked).toBeLessThan(MOST);
});
