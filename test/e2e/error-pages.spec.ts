import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Page } from '../support/browser.js';

/** No mail is configured, but recovery is enabled. */
let app: TestApp;
let disabled: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  disabled = await startTestApp({ config: { selfservice: { flows: { recovery: { enabled: false } } } } });
});
afterAll(async () => {
  await app?.stop();
  await disabled?.stop();
});

type Fail = (server: TestApp, browser: Browser) => Promise<Page>;

const opens =
  (path: string): Fail =>
  (server, browser) =>
    browser.get(server.publicUrl + path);

/** Without mail the page has no form; this one was opened before, or by a custom user interface. */
const asks: Fail = async (server, browser) => {
  const { location } = await browser.get(`${server.publicUrl}/self-service/recovery/browser`);
  const id = new URL(location).searchParams.get('flow');
  const read = await browser.get(`${server.publicUrl}/self-service/recovery/flows?id=${id}`, {
    accept: 'application/json',
  });
  const { ui } = JSON.parse(read.text) as { ui: { nodes: { attributes: { name: string; value: string } }[] } };
  const csrf_token = ui.nodes.find(({ attributes }) => attributes.name === 'csrf_token')!.attributes.value;
  const action = `${server.publicUrl}/self-service/recovery?flow=${id}`;
  return browser.post(action, { csrf_token, method: 'link', email: 'ada@example.com' });
};

describe('an error without an id for clients', () => {
  test.each([
    [
      'a link whose flow is malformed',
      () => app,
      opens('/self-service/recovery?flow=nope&token=abc'),
      'This link is incomplete',
      { code: 400, status: 'Bad Request', reason: 'The flow query parameter is missing or malformed.' },
    ],
    [
      'recovery while it is disabled',
      () => disabled,
      opens('/self-service/recovery/browser'),
      'You can’t recover your account here',
      { code: 400, status: 'Bad Request', reason: 'Recovery is not allowed because it was disabled.' },
    ],
    [
      'recovery by mail while none is sent',
      () => app,
      asks,
      'We can’t send you email',
      {
        code: 400,
        status: 'Bad Request',
        reason: 'This server does not send email. Ask its operator for a recovery link.',
      },
    ],
  ])('%s: the page has its own words, and clients don’t see the kind', async (_name, server, fail, title, error) => {
    const browser = new Browser();
    const { location } = await fail(server(), browser);
    expect(location).toContain(`${server().publicUrl}/ui/error?id=`);
    expect((await browser.get(location)).text).toContain(`<h1>${title}</h1>`);
    const id = new URL(location).searchParams.get('id');
    const { body } = await server().publicAgent().get(`/self-service/errors?id=${id}`).expect(200);
    expect((body as { error: unknown }).error).toEqual({
      ...error,
      message: 'The request was malformed or contained invalid parameters',
    });
  });

  test('an error stored without a kind gets the words of its status', async () => {
    const id = '7b0c9a52-4d1e-4c8f-8a6b-2f3e4d5c6b7a';
    const kept = JSON.stringify({ code: 404, status: 'Not Found', message: 'gone' });
    await app.sql('INSERT INTO flow_error (id, error) VALUES ($1::uuid, $2::jsonb)', [id, kept]);
    const { text } = await app.publicAgent().get(`/ui/error?id=${id}`).expect(200);
    expect(text).toContain('<h1>We can’t find this page</h1>');
  });
});
