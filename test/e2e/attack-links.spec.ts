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

/** A browser with the confirm page of a link before it. */
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

describe('pressing the button a second time', () => {
  /* The second press looked only at the session's own mark, so that a deactivation in between was undone. */
  test('brings no session back that a deactivation ended', async () => {
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

  test('does nothing for another browser that has the page but not the cookie', async () => {
    const { id } = await newPerson(app);
    const { browser, page } = await opened(await newLink(app, id));
    await browser.submit(page);
    const thief = await new Browser().submit(page);
    expect(thief.location).toContain('/ui/confirm');
    expect(await liveSessions(id)).toBe(1);
  });
});

test('of the links of one person that are confirmed at the same moment one opens, without a deadlock', async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await newPerson(app);
    const links = await Promise.all(Array.from({ length: 6 }, () => newLink(app, id)));
    const waiting = await Promise.all(links.map(opened));
    const answers = await Promise.all(waiting.map(({ browser, page }) => browser.submit(page)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
    expect(answers.filter(({ location }) => location.includes('/ui/settings'))).toHaveLength(1);
  }
});

test('a token of any length and kind leads to an answer of bounded size', async () => {
  const flow = (await newLink(app, (await newPerson(app)).id)).searchParams.get('flow')!;
  for (const token of ['a'.repeat(900_000), '"><script>'.repeat(1_000), '\r\nset-cookie: x=y', '🙂'.repeat(10_000)]) {
    const answer = await new Browser().post(`${app.publicUrl}/self-service/recovery`, { flow, token });
    expect(answer.status).toBeLessThan(500);
    expect(answer.location.length).toBeLessThan(4_096);
    expect(answer.headers.get('x')).toBeNull();
  }
});

/* A request line that holds a whole address put that address into the flow's request_url. */
describe('where a request says it was sent to', () => {
  const TARGETS = ['http://evil.example', 'https://evil.example:1'];

  test.each(TARGETS)('%s is not kept: %s', async (target) => {
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
  /* Anybody could have "approved by the security desk" kept beside a redemption of their own. */
  test('takes reasons and tickets from administrators only', async () => {
    const { id } = await newPerson(app);
    const { browser, page } = await opened(await newLink(app, id));
    await browser.submit(page, {}, { 'x-regain-reason': 'approved by the desk', 'x-regain-ticket': 'DESK-1' });
    const [event] = await app.sql<{ reason: string | null; ticket: string | null }>(
      `SELECT reason, ticket FROM audit_event WHERE action = 'recovery.link.redeemed' AND target_id = $1`,
      [id],
    );
    expect(event).toEqual({ reason: null, ticket: null });
  });

  /* Nobody knows yet who says so: a ticket beside a refusal would look like the desk's. */
  test.each([
    ['a bad token', { authorization: 'Bearer ory_pat_00000000000000000000000000000000' }],
    ['no token', {}],
  ])('takes none from %s, on either listener', async (_, headers) => {
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

  test('reads notes as UTF-8, and as Latin-1 where they are not', async () => {
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

  /* 0x9b begins a terminal's control sequence, as ESC [ does. */
  test('holds no control characters, those above 127 among them', async () => {
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
