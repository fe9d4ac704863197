import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Database } from '../../src/platform/database/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Page } from '../support/browser.js';
import { freshDatabase } from '../support/database.js';
import { newLink } from '../support/links.js';
import { newPerson } from '../support/people.js';
import { FaultyNetwork } from './network/faulty-network.js';

/** Milliseconds: twice the budget, and half of the server's own statement timeout. lost-network.spec.ts is stricter. */
const BUSY_MACHINE = 5_000;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let network: FaultyNetwork;
let app: TestApp;
beforeEach(async () => {
  database = await freshDatabase();
  network = await FaultyNetwork.before(database.url);
  const config = { regain: { database: { request_timeout: '2.5s' } } };
  app = await startTestApp({ databaseUrl: network.url, config });
});
afterEach(async () => {
  network.heal();
  await app.stop();
  await network.close();
  await database.drop();
});

/** A browser at the button of a new person's link. */
async function beforeTheButton(): Promise<{ id: string; browser: Browser; link: URL; press: () => Promise<Page> }> {
  const { id } = await newPerson(app);
  const link = await newLink(app, id);
  const browser = new Browser();
  const page = await browser.get((await browser.get(link)).location);
  const { action, fields } = page.form();
  return { id, browser, link, press: () => browser.post(action, fields) };
}

/** Expects a 503 with Retry-After, on the error page if the database can still store the error. */
async function isUnknown({ status, headers, location }: Page): Promise<boolean> {
  if (headers.get('retry-after') !== '1') return false;
  if (status === 503) return true;
  const kept = await new Browser().get(location);
  return status === 303 && kept.text.includes('We’ll be right back');
}

const liveSessions = async (id: string): Promise<number> =>
  (await app.sql('SELECT FROM session WHERE identity_id = $1 AND active', [id])).length;

const signedIn = async (browser: Browser): Promise<number> =>
  (await browser.get(`${app.publicUrl}/sessions/whoami`)).status;

describe('a redemption whose answer is lost after the commit', () => {
  test.each(['reset', 'silence'] as const)(
    'through a %s can be repeated by the same browser, with one live session, and by no other',
    async (how) => {
      const { id, browser, link, press } = await beforeTheButton();
      const lost = network.loseAnswerTo('redeem_recovery_link', how);
      const began = performance.now();
      expect(await isUnknown(await press())).toBe(true);
      expect(performance.now() - began).toBeLessThan(BUSY_MACHINE);
      await lost;
      expect(await liveSessions(id)).toBe(1);

      const stranger = new Browser();
      const page = await stranger.get((await stranger.get(link)).location);
      expect((await stranger.submit(page)).location).toContain('/ui/recovery?flow=');

      const again = await press();
      expect(again.location).toContain('/ui/settings?flow=');
      expect(await liveSessions(id)).toBe(1);
      expect(await signedIn(browser)).toBe(200);
    },
  );

  test('can be repeated even if the answer to the repetition is lost too', async () => {
    const { id, browser, press } = await beforeTheButton();
    for (const statement of ['redeem_recovery_link', 'repeat_recovery_link']) {
      const lost = network.loseAnswerTo(statement);
      expect(await isUnknown(await press())).toBe(true);
      await lost;
    }
    expect((await press()).location).toContain('/ui/settings?flow=');
    expect(await liveSessions(id)).toBe(1);
    expect(await signedIn(browser)).toBe(200);
  });
});

describe('a redemption that exceeds its budget', () => {
  /** A transaction that locks the identity's row blocks the redemption. */
  test('is cancelled, so that the same button works afterwards', async () => {
    const { id, browser, press } = await beforeTheButton();
    const [locked, unlock] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const held = app.get(Database).transaction(async (em) => {
      await em.execute(`SELECT FROM identity WHERE id = '${id}' FOR UPDATE`);
      locked.resolve();
      await unlock.promise;
    });
    await locked.promise;
    const began = performance.now();
    expect(await isUnknown(await press())).toBe(true);
    const took = performance.now() - began;
    expect([took > 2_400, took < BUSY_MACHINE]).toEqual([true, true]);
    await expect.poll(async () => (await waiting()).length, { timeout: 5_000 }).toBe(0); // well before statement_timeout
    unlock.resolve();
    await held;
    expect(await liveSessions(id)).toBe(0);
    expect((await press()).location).toContain('/ui/settings?flow=');
    expect(await liveSessions(id)).toBe(1);
    expect(await signedIn(browser)).toBe(200);
  });

  const waiting = (): Promise<object[]> =>
    app.sql(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
});
