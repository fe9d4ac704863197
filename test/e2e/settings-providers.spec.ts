/** What an incident team sees when a settings form is submitted in somebody else's session. */
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

/** In the first browser, the person of the second one is signed in from now on. */
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

test('who comes back from a provider is refused, and the trail names the provider', async () => {
  const [anna, ben] = [await people.recovered(), await people.recovered()];
  const back = await people.away(await people.submit(anna.browser, anna.flow, { link: 'acme' }), newSubject());
  takeSession(anna.browser, ben.browser);
  expect(isErrorPage(await anna.browser.get(back))).toBe(true);
  expect(await submissionsOf(anna.id)).toEqual([{ outcome: 'refused', detail: { provider: 'acme' } }]);
});

test('who sends the form itself is refused, and there is no provider to name', async () => {
  const [anna, ben] = [await people.recovered(), await people.recovered()];
  takeSession(anna.browser, ben.browser);
  expect(isErrorPage(await people.submit(anna.browser, anna.flow, { link: 'acme' }))).toBe(true);
  expect(await submissionsOf(anna.id)).toEqual([{ outcome: 'refused', detail: null }]);
});
