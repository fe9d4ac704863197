import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { newLink } from '../support/links.js';
import { revocations, REVOKE, sessionOf, whoami } from '../support/live-sessions.js';
import { mailed, newCode, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';

let safe: TestApp;
let parity: TestApp;
let hooked: TestApp;
beforeAll(async () => {
  const returning = { after: { default_browser_return_url: 'https://app.example.com/recovered' } };
  safe = await startTestApp({ config: mailed('code') });
  parity = await startTestApp({ config: mailed('code', { recovery: returning }), parity: true });
  hooked = await startTestApp({ config: mailed('code', { recovery: { after: REVOKE } }), parity: true });
});
afterAll(async () => {
  for (const app of [safe, parity, hooked]) await app?.stop();
});

/** Follows a link in another browser, and confirms it if needed; resolves to the browser. */
async function byLink(app: TestApp, id: string, query = ''): Promise<Browser> {
  const browser = new Browser();
  const opened = await browser.get(await newLink(app, id, { query }));
  if (opened.location.includes('/ui/confirm')) await browser.submit(await browser.get(opened.location));
  return browser;
}

async function byCode(app: TestApp, id: string): Promise<string | undefined> {
  const { flow, code } = await newCode(app, id, { flow_type: 'api' });
  const { body } = await submitTo(app, flow, { method: 'code', code });
  return (body as { continue_with: { ory_session_token?: string }[] }).continue_with[0]?.ory_session_token;
}

const tokenOf = (browser: Browser): string | undefined => browser.cookies.get('ory_kratos_session');
const ways: [string, (app: TestApp, id: string) => Promise<string | undefined>][] = [
  ['link', async (app, id) => tokenOf(await byLink(app, id))],
  ['code', byCode],
];

describe.each(ways)('recovery by %s', (_way, recover) => {
  test.each([
    ['by default', () => safe],
    ['as Kratos does with the hook revoke_active_sessions', () => hooked],
  ])('ends the other sessions, %s, and nobody else’s', async (_name, the) => {
    const app = the();
    const [anna, bob] = [await newPerson(app), await newPerson(app)];
    const [one, two] = [await sessionOf(app, anna.id), await sessionOf(app, anna.id)];
    const other = await sessionOf(app, bob.id);
    const fresh = await recover(app, anna.id);
    expect(await whoami(app, one, two, fresh, other)).toEqual([401, 401, 200, 200]);
    const [{ id: grant } = { id: '' }] = await app.sql<{ id: string }>(
      'SELECT id FROM recovery_grant WHERE identity_id = $1',
      [anna.id],
    );
    expect(await revocations(app, anna.id)).toEqual([{ grant_id: grant, outcome: 'success' }]);
    const { body } = await app.admin().get(`/admin/identities/${anna.id}/sessions`).expect(200);
    expect((body as { active: boolean }[]).map(({ active }) => active)).toEqual([true, false, false]);
  });

  test('leaves them as Kratos does without it', async () => {
    const { id } = await newPerson(parity);
    const one = await sessionOf(parity, id);
    expect(await whoami(parity, one, await recover(parity, id))).toEqual([200, 200]);
    expect(await revocations(parity, id)).toEqual([]);
  });

  test('does not mention sessions if there are none', async () => {
    const { id } = await newPerson(safe);
    expect(await whoami(safe, await recover(safe, id))).toEqual([200]);
    expect(await revocations(safe, id)).toEqual([]);
  });
});

describe('a redemption that fails', () => {
  test('ends nothing', async () => {
    const { id } = await newPerson(safe);
    const one = await sessionOf(safe, id);
    const link = await newLink(safe, id);
    link.searchParams.set('token', 'abcdefghijklmnopqrstuvwxyz012345');
    const browser = new Browser();
    await browser.submit(await browser.get((await browser.get(link)).location));
    const { flow } = await newCode(safe, id, { flow_type: 'api' });
    await submitTo(safe, flow, { method: 'code', code: 'wrong1' });
    expect(await whoami(safe, one)).toEqual([200]);
  });
});

describe('selfservice.flows.recovery.after.default_browser_return_url', () => {
  const settingsOf = async (app: TestApp, id: string) =>
    (await app.sql<{ return_to: string | null }>('SELECT return_to FROM settings_flow WHERE identity_id = $1', [id]))[0]
      ?.return_to;
  const RETURN = 'https://app.example.com/recovered';

  test('is where the settings lead after a recovery', async () => {
    const { id } = await newPerson(parity);
    const browser = await byLink(parity, id);
    const [{ flow } = { flow: '' }] = await parity.sql<{ flow: string }>(
      'SELECT id AS flow FROM settings_flow WHERE identity_id = $1',
      [id],
    );
    const page = await browser.get(`${parity.publicUrl}/ui/settings?flow=${flow}`);
    const saved = await browser.submit(page, { method: 'password', password: 'a brand new pass phrase 1' });
    expect([saved.status, saved.location]).toEqual([303, RETURN]);
  });

  test('is overridden by the link’s own, and applies to codes too', async () => {
    const [anna, bob] = [await newPerson(parity), await newPerson(parity)];
    const own = `${parity.publicUrl}/ui/welcome`;
    await byLink(parity, anna.id, `?return_to=${encodeURIComponent(own)}`);
    await byCode(parity, bob.id);
    expect([await settingsOf(parity, anna.id), await settingsOf(parity, bob.id)]).toEqual([own, RETURN]);
  });

  test('absent, the settings lead to their own target', async () => {
    const { id } = await newPerson(hooked);
    await byLink(hooked, id);
    expect(await settingsOf(hooked, id)).toBe(null);
  });
});
