import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Person, startChromium } from '../support/chromium.js';
import { newCode } from '../support/mail.js';
import { newPerson } from '../support/people.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let app: TestApp;
let chromium: Browser;
let person: Person;
/** A user interface on another port, as configured. */
let ui: Site;
/** Another site. */
let evil: Site;

interface Site {
  server: Server;
  url: string;
  /** what its pages show next */
  show: string;
}

/** @param host for a browser, `localhost` is a different site than 127.0.0.1 */
async function site(host: string): Promise<Site> {
  const made = { show: '' } as Site;
  made.server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<link rel="icon" href="data:,">${made.show}`);
  });
  await new Promise<void>((done) => made.server.listen(0, host, done));
  made.url = `http://${host}:${(made.server.address() as AddressInfo).port}`;
  return made;
}

beforeAll(async () => {
  chromium = await startChromium();
  [ui, evil] = await Promise.all([site('127.0.0.1'), site('localhost')]);
  const config = {
    selfservice: {
      methods: { code: { enabled: true } },
      allowed_return_urls: [ui.url],
      flows: { recovery: { use: 'code' } },
    },
  };
  app = await startTestApp({ config });
});
afterAll(async () => {
  await app?.stop();
  await chromium?.close();
  ui?.server.close();
  evil?.server.close();
});
beforeEach(async () => void (person = await Person.open(chromium)));
afterEach(() => person.close());

async function codeForm(): Promise<{ html: string; flow: string; code: string }> {
  const { id } = await newPerson(app);
  const { flow, code } = await newCode(app, id);
  const html = `<form action="${app.publicUrl}/self-service/recovery?flow=${flow}" method="post">
    <input type="hidden" name="method" value="code"><input type="hidden" name="code" value="${code}">
    <button>Continue</button></form>`;
  return { html, flow, code };
}

/** Captures the next form that is posted, as sent over the wire. */
const posted = (): Promise<Request> => person.page.waitForRequest((request) => request.method() === 'POST');
const told = async (request: Request) => {
  const { origin, 'sec-fetch-site': from } = await request.allHeaders();
  return { origin, from };
};
const signedIn = async (): Promise<boolean> =>
  (await person.page.context().cookies()).some(({ name }) => name === 'ory_kratos_session');

test('our own page sends no referrer, and so no origin; its form is accepted', async () => {
  const { flow, code } = await codeForm();
  await person.page.goto(`${app.publicUrl}/ui/recovery?flow=${flow}`);
  await person.page.fill('[name=code]', code);
  const [request] = await Promise.all([posted(), person.press('Continue')]);
  expect(await told(request)).toEqual({ origin: 'null', from: 'same-origin' });
  expect(await signedIn()).toBe(true);
});

test('the form of a configured page on another port is accepted', async () => {
  ui.show = (await codeForm()).html;
  await person.page.goto(ui.url);
  const [request] = await Promise.all([posted(), person.press('Continue')]);
  expect(await told(request)).toEqual({ origin: ui.url, from: 'same-site' });
  expect(await signedIn()).toBe(true);
});

test('a form on another site signs nobody in', async () => {
  evil.show = (await codeForm()).html;
  await person.page.goto(evil.url);
  const [request] = await Promise.all([posted(), person.press('Continue')]);
  expect(await told(request)).toEqual({ origin: evil.url, from: 'cross-site' });
  expect(await signedIn()).toBe(false);
});

test('nor does one in a sandboxed frame, which hides its origin', async () => {
  const { html } = await codeForm();
  evil.show = `<iframe sandbox="allow-forms allow-scripts" srcdoc="${html.replaceAll('"', '&quot;')}"></iframe>`;
  await person.page.goto(evil.url);
  // Sent only now: while the page still loads, its load event may wait for the answer in the frame.
  const send = person.page.frameLocator('iframe').getByRole('button', { name: 'Continue' });
  const [request] = await Promise.all([posted(), send.click()]);
  expect(await told(request)).toEqual({ origin: 'null', from: 'cross-site' });
  await request.response();
  expect(await signedIn()).toBe(false);
});
