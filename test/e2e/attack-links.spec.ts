import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { Refusals } from '../../src/audit/refusals.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';
import { sendRaw } from '../support/raw-http.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app.stop());

/** A browser that shows a link's confirmation page. */
async function opened(link: URL) {
  const browser = new Browser();
  const followed = await browser.get(link);
  return { browser, page: await browser.get(followed.location) };
}

const liveSessions = async (identityId: string): Promise<number> =>
  (
    await app.sql(
      `SELECT FROM session s JOIN identity i ON i.id = s.identity_id WHERE i.id = $1 AND s.active
       AND s.issued_at >= coalesce(i.sessions_valid_from, '-infinity')`,
      [identityId],
    )
  ).length;

describe('submitting the confirmation a second time', () => {
  /* Regression: the second submission only checked the session's own flag, which undid a deactivation in between. */
  test('revives no session that a deactivation ended', async () => {
    const { id } = await newPerson(app);
    const { browser, page } = await opened(await newLink(app, id));
    expect((await browser.submit(page)).location).toContain('/ui/settings');
    await app.get(IdentityService).setState(id, 'inactive');
    await app.get(IdentityService).setState(id, 'active');
    const again = await browser.submit(page);
    expect(again.location).toContain('/ui/recovery');
    expect(await liveSessions(id)).toBe(0);
  });

  test('works without one, and leaves one session', async () => {
    const { id } = await newPerson(app);
    const { browser, page } = await opened(await newLink(app, id));
    await browser.submit(page);
    expect((await browser.submit(page)).location).toContain('/ui/settings');
    expect(await liveSessions(id)).toBe(1);
  });

  test('does nothing in another browser that has the page but not the cookie', async () => {
    const { id } = await newPerson(app);
    const { browser, page } = await opened(await newLink(app, id));
    await browser.submit(page);
    const thief = await new Browser().submit(page);
    expect(thief.location).toContain('/ui/confirm');
    expect(await liveSessions(id)).toBe(1);
  });
});

test('of one person’s links that are confirmed at the same moment one opens a session, without a deadlock', async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await newPerson(app);
    const links = await Promise.all(Array.from({ length: 6 }, () => newLink(app, id)));
    const waiting = await Promise.all(links.map(opened));
    const answers = await Promise.all(waiting.map(({ browser, page }) => browser.submit(page)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
    expect(answers.filter(({ location }) => location.includes('/ui/settings'))).toHaveLength(1);
  }
});

test('a token of any length and kind gets an answer of bounded size', async () => {
  const flow = (await newLink(app, (await newPerson(app)).id)).searchParams.get('flow')!;
  for (const token of ['a'.repeat(900_000), '"><script>'.repeat(1_000), '\r\nset-cookie: x=y', '🙂'.repeat(10_000)]) {
    const answer = await new Browser().post(`${app.publicUrl}/self-service/recovery`, { flow, token });
    expect(answer.status).toBeLessThan(500);
    expect(answer.location.length).toBeLessThan(4_096);
    expect(answer.headers.get('x')).toBeNull();
  }
});

/* Regression: an absolute URL in the request line ended up in the flow's request_url. */
describe('the host that a request names', () => {
  const TARGETS = ['http://evil.example', 'https://evil.example:1'];

  test.each(TARGETS)('%s is not stored: %s', async (target) => {
    for (const path of ['/self-service/login/browser', '/self-service/recovery/browser', '/self-service/login/api']) {
      const lines = [`GET ${target}${path}?a=b HTTP/1.1`, 'Host: evil.example', 'X-Forwarded-Host: evil.example'];
      const more = ['Forwarded: host=evil.example', 'Accept: application/json', 'Connection: close', '', ''];
      const { text } = await sendRaw(app.publicUrl, [...lines, ...more].join('\r\n'));
      expect(text).not.toContain('evil.example');
      expect(text).toContain(`"request_url":"${app.publicUrl}${path}?a=b"`);
    }
  });
});

describe('the audit trail', () => {
  /* Regression: anyone could have "approved by the security desk" stored with their own redemption. */
  test('accepts reasons and tickets only from administrators', async () => {
    const { id } = await newPerson(app);
    const { browser, page } = await opened(await newLink(app, id));
    await browser.submit(page, {}, { 'x-regain-reason': 'approved by the desk', 'x-regain-ticket': 'DESK-1' });
    const [event] = await app.sql<{ reason: string | null; ticket: string | null }>(
      `SELECT reason, ticket FROM audit_event WHERE action = 'recovery.link.redeemed' AND target_id = $1`,
      [id],
    );
    expect(event).toEqual({ reason: null, ticket: null });
  });

  /* The caller is not authenticated yet; a ticket with a refusal would look like the help desk's. */
  test.each([
    ['a bad token', { authorization: 'Bearer ory_pat_00000000000000000000000000000000' }],
    ['no token', {}],
  ])('accepts none from %s, on either listener', async (_, headers) => {
    const own = await startTestApp({ config: { regain: { serve: { single_host: true } } } });
    try {
      const notes = { 'x-regain-reason': 'approved', 'x-regain-ticket': 'DESK-2', ...headers };
      for (const url of [`${own.adminUrl}/admin/identities`, `${own.publicUrl}/api/kratos/admin/identities`])
        expect((await fetch(url, { headers: notes })).status).toBe(401);
      await own.get(Refusals).flush();
      const events = await own.sql<{ ticket: string | null; actor_type: string }>(
        `SELECT ticket, actor_type FROM audit_event WHERE action = 'access.unauthenticated'`,
      );
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) expect(event).toEqual({ ticket: null, actor_type: 'anonymous' });
    } finally {
      await own.stop();
    }
  });

  test('reads notes as UTF-8, else as Latin-1', async () => {
    for (const [ticket, kept] of [
      [Buffer.from('verloren ü €', 'utf8'), 'verloren ü €'],
      [Buffer.from('verloren ü', 'latin1'), 'verloren ü'],
    ] as const) {
      const { id } = await newPerson(app);
      const body = JSON.stringify({ identity_id: id });
      const lines = ['POST /admin/recovery/link HTTP/1.1', 'Host: x', `Authorization: Bearer ${app.pat}`];
      const more = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close', ''];
      const head = Buffer.from([...lines, 'X-Regain-Ticket: '].join('\r\n'));
      const rest = Buffer.from(['', ...more, body].join('\r\n'));
      await sendRaw(app.adminUrl, Buffer.concat([head, ticket, rest]));
      const [event] = await app.sql('SELECT ticket FROM audit_event WHERE target_id = $1 AND ticket IS NOT NULL', [id]);
      expect(event).toEqual({ ticket: kept });
    }
  });

  /* Like ESC [, 0x9b starts a terminal control sequence. */
  test('contains no control characters, including those above 127', async () => {
    const { id } = await newPerson(app);
    const body = JSON.stringify({ identity_id: id });
    const lines = ['POST /admin/recovery/link HTTP/1.1', 'Host: x', `Authorization: Bearer ${app.pat}`];
    const more = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close', ''];
    const notes = ['X-Regain-Reason: a\x9b31mb', 'User-Agent: c\x85d', 'X-Regain-Ticket: e\tf'];
    await sendRaw(app.adminUrl, Buffer.from([...lines, ...notes, ...more, body].join('\r\n'), 'latin1'));
    const [event] = await app.sql(
      `SELECT reason, ticket, user_agent FROM audit_event WHERE action = 'recovery.link.created' AND target_id = $1`,
      [id],
    );
    expect(event).toEqual({ reason: 'a 31mb', ticket: 'e f', user_agent: 'c d' });
  });
});
