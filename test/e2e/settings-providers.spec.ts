/** What an incident team sees when a settings form is submitted in another person's session. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Refusals } from '../../src/audit/refusals.js';
import { startTestApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { acmeAt, isErrorPage, newSubject, socialConfig, socialPeople } from '../support/social-people.js';
import { ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;
beforeAll(async () => {
  provider = await ActedProvider.start();
  app = await startTestApp({ config: socialConfig(acmeAt(provider)) });
  people = socialPeople(app, provider);
});
afterAll(async () => {
  await app?.stop();
  await provider?.stop();
});

/** Signs the person of the second browser in in the first one. */
function takeSession(browser: Browser, other: Browser): void {
  browser.cookies.set('ory_kratos_session', other.cookies.get('ory_kratos_session') ?? '');
}

async function submissionsOf(identityId: string): Promise<unknown[]> {
  await app.get(Refusals).flush();
  return app.sql(
    `SELECT outcome, detail FROM audit_event WHERE action = 'settings.submitted' AND target_id = $1 ORDER BY id`,
    [identityId],
  );
}

test('a person who returns from a provider is refused, and the audit event names the provider', async () => {
  const [anna, ben] = [await people.recovered(), await people.recovered()];
  const back = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
  takeSession(anna.browser, ben.browser);
  expect(isErrorPage(await anna.browser.get(back))).toBe(true);
  expect(await submissionsOf(anna.id)).toEqual([{ outcome: 'refused', detail: { provider: 'acme' } }]);
});

test('a person who submits the form itself is refused, and the event names no provider', async () => {
  const [anna, ben] = [await people.recovered(), await people.recovered()];
  takeSession(anna.browser, ben.browser);
  expect(isErrorPage(await people.submit(anna.browser, anna.flow, { link: 'acme' }))).toBe(true);
  expect(await submissionsOf(anna.id)).toEqual([{ outcome: 'refused', detail: null }]);
});
