import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type AddressPeople, addressPeople, identity } from '../support/address-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Person, startChromium } from '../support/chromium.js';
import { handOverPeople, type HandOverPeople } from '../support/hand-over-people.js';
import { newLink } from '../support/links.js';

/* What people see at /ui during a hand-over. */
vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let chromium: Browser;
let people: HandOverPeople;
let addresses: AddressPeople;
let person: Person;
beforeAll(async () => {
  chromium = await startChromium();
  const regain = { ui: { support: 'help@acme.example', brand: { name: 'Acme' } } };
  app = await startTestApp({ config: { regain, identity } });
  people = handOverPeople(app);
  addresses = addressPeople(app, app.pat);
}, 120_000);
afterAll(async () => {
  await app?.stop();
  await chromium?.close();
});
beforeEach(async () => void (person = await Person.open(chromium)));
afterEach(() => person.close());

const NEW = 'a long walk by the river';
const text = (): Promise<string> => person.page.locator('main').innerText();

async function redeem(link: URL): Promise<void> {
  await person.page.goto(link.href);
  await person.page.locator('main form button').first().click();
  await person.page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
}

async function signIn(email: string, password = people.password): Promise<void> {
  await person.page.goto(`${app.publicUrl}/self-service/login/browser`);
  await person.page.locator('[name=identifier]').fill(email);
  await person.sendPassword(password);
}

test('a completed recovery: the account, the device, the attempt with the old password, what ended', async () => {
  const anna = await people.withPassword();
  const other = `other.${anna.email}`;
  const strangers = `stranger.${anna.email}`;
  await addresses.put(anna, { email: anna.email, second: other, others: [strangers] }).expect(200);
  await redeem(await newLink(app, anna.id));
  expect(await text()).toContain(anna.email);
  expect(await text()).toContain('Finish on this device');
  await people.signIn(anna);
  await person.page.reload();
  expect(await text()).toContain('tried to get in with your old password');
  await person.picture('hand-over-open', { whole: true });
  await person.sendPassword(NEW);
  expect(await text()).toContain('signed in on this device only');
  expect(await text()).toContain('Still yours?');
  await person.picture('hand-over-closed', { whole: true });
  await person.press(`Remove ${strangers}`);
  expect(await text()).not.toContain(strangers);
  await person.press(`${other} is still mine`);
  expect(await text()).not.toContain('Still yours?');
  expect(person.complaints).toEqual([]);
});

test('a cancelled recovery: the old password works again', async () => {
  const anna = await people.withPassword();
  await redeem(await newLink(app, anna.id));
  await person.press('Cancel, my password still works');
  await signIn(anna.email);
  expect(await text()).toContain(anna.email);
  expect(await people.signIn(anna)).toMatchObject({ status: 200 });
});

test('a cancelled recovery of a locked account: it stays locked, and the page says where to get help', async () => {
  const anna = await people.withPassword();
  await redeem(await newLink(app, anna.id, { contain: true }));
  expect(await text()).toContain('your account stays locked');
  expect(await text()).toContain('Contact help@acme.example for another recovery link');
  expect(await text()).not.toContain('previous password');
  await person.picture('hand-over-contained-open', { whole: true });
  await person.press('Cancel this recovery');
  await signIn(anna.email);
  expect(await text()).toContain('This account is locked');
});

test('sign-in with the old password meanwhile: when to try again, or where to get help', async () => {
  const anna = await people.withPassword();
  await people.recover(anna, 'link');
  await signIn(anna.email);
  expect(await text()).toMatch(/being recovered.* in (15|30|45|60) minutes/s);
  await person.picture('hand-over-sign-in');
  const bert = await people.withPassword();
  await people.issued(bert, 'link', { contain: true });
  await signIn(bert.email);
  expect(await text()).toMatch(/This account is locked.*help@acme.example/s);
  await person.picture('hand-over-contained');
});
