import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { begin, beginNative, cookies, credentials, type LoginFlow, native } from '../support/login-steps.js';
import { newLink } from '../support/links.js';
import { newCode } from '../support/mail.js';
import { newPerson } from '../support/people.js';
import { field, person, signInBrowser } from '../support/sign-in.js';

const UI = 'http://127.0.0.1:4455';
const config = {
  selfservice: {
    methods: { code: { enabled: true } },
    allowed_return_urls: ['https://*.apps.example.org/'],
    flows: { recovery: { use: 'code' }, login: { ui_url: `${UI}/login` }, settings: { ui_url: `${UI}/settings` } },
  },
};

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config })));
afterAll(() => app.stop());

type Headers = Record<string, string>;
const FOREIGN: [string, Headers][] = [
  ['the Origin of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['the Origin of another site, without metadata', { origin: 'https://evil.example' }],
  ['the Origin of a sibling host', { origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' }],
  ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['no Origin, from another site', { 'sec-fetch-site': 'cross-site' }],
];
const OWN: [string, () => Headers][] = [
  ['our own page', () => ({ origin: app.publicUrl, 'sec-fetch-site': 'same-origin' })],
  ['our own page, which hides its origin', () => ({ origin: 'null', 'sec-fetch-site': 'same-origin' })],
  ['a user interface on another port', () => ({ origin: UI, 'sec-fetch-site': 'same-site' })],
  ['an application at a return URL', () => ({ origin: 'https://one.apps.example.org' })],
  ['a client that is not a browser', () => ({})],
];

/** An administrator's code in another person's browser, which sends no cookie of ours. */
async function postCode(headers: Headers, form: object = {}, agent = app.publicAgent()) {
  const { id } = await newPerson(app);
  const { flow, code } = await newCode(app, id);
  return agent
    .post(`/self-service/recovery?flow=${flow}`)
    .set({ accept: 'text/html', ...headers })
    .type('form')
    .send({ method: 'code', code, ...form });
}
const signedIn = (answer: { headers: Record<string, unknown> }): boolean =>
  cookies(answer).some((line) => line.startsWith('ory_kratos_session='));

/**
 * The attack: an administrator's code for the attacker's own account, posted from the attacker's page, signed the
 * victim's browser in.
 */
describe('an administrator’s code', () => {
  test.each(FOREIGN)('signs nobody in if the form comes with %s', async (_, headers) => {
    expect(signedIn(await postCode(headers))).toBe(false);
  });

  test.each(OWN.filter(([who]) => !who.includes('hides')))('signs in if the form comes from %s', async (_, headers) => {
    expect(signedIn(await postCode(headers()))).toBe(true);
  });

  test('from a page that hides its origin needs the proof that the page belongs to this browser', async () => {
    const hidden = { origin: 'null' };
    expect(signedIn(await postCode(hidden))).toBe(false);
    const { id } = await newPerson(app);
    const { flow } = await newCode(app, id);
    const agent = app.publicAgent();
    const page = await agent.get(`/ui/recovery?flow=${flow}`).expect(200);
    const token = /name="csrf_token" value="([^"]+)"/.exec(page.text)![1]!;
    expect(signedIn(await postCode(hidden, { csrf_token: token }))).toBe(false);
    expect(signedIn(await postCode(hidden, { csrf_token: token }, agent))).toBe(true);
  });
});

describe('every form of a browser', () => {
  test.each(FOREIGN)('is refused with %s', async (_, headers) => {
    const somebody = await person(app);
    const agent = await signInBrowser(app, somebody);
    const guest = app.publicAgent();
    for (const [flow, as] of [
      ['settings', agent],
      ['login', guest],
      ['recovery', guest],
    ] as const) {
      const { body } = await as.get(`/self-service/${flow}/browser`).set('accept', 'application/json').expect(200);
      const form = { csrf_token: field(body as LoginFlow, 'csrf_token'), ...credentials(somebody) };
      const path = `/self-service/${flow}?flow=${(body as LoginFlow).id}`;
      const answer = await as
        .post(path)
        .set({ accept: 'application/json', ...headers })
        .send(form);
      expect([flow, answer.status]).toEqual([flow, 403]);
      expect(answer.body).toMatchObject({
        error: {
          id: 'security_csrf_violation',
          details: { reject_reason: expect.stringMatching(/origin/i) as string },
        },
      });
    }
  });

  test.each(FOREIGN)('including the confirmation of a link, with %s', async (_, headers) => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const agent = app.publicAgent();
    const page = await agent.get(`/ui/confirm${link.search}`).expect(200);
    const proof = /name="proof" value="([^"]+)"/.exec(page.text)![1]!;
    const form = { ...Object.fromEntries(link.searchParams), proof };
    const press = (more: Headers) =>
      agent
        .post('/self-service/recovery')
        .set({ accept: 'text/html', ...more })
        .type('form')
        .send(form);
    expect(signedIn(await press(headers))).toBe(false);
    expect(signedIn(await press({ origin: 'null', 'sec-fetch-site': 'same-origin' }))).toBe(true);
  });

  test.each(OWN)('signs in from %s', async (_, headers) => {
    const agent = app.publicAgent();
    const flow = await begin(agent);
    const form = { csrf_token: field(flow, 'csrf_token'), ...credentials(await person(app)) };
    const post = agent.post(`/self-service/login?flow=${flow.id}`).set({ accept: 'text/html', ...headers() });
    expect(signedIn(await post.type('form').send(form))).toBe(true);
  });

  test('but a provider’s answer, which is only redirected, may come from anywhere', async () => {
    const headers = { origin: 'https://provider.example', 'sec-fetch-site': 'cross-site' };
    const { status } = await native(app)
      .post('/self-service/methods/oidc/callback/none')
      .set(headers)
      .type('form')
      .send('state=x');
    expect(status).toBe(404);
  });

  test('and so may any form posted without a browser', async () => {
    const flow = await beginNative(app);
    const answer = await native(app)
      .post(`/self-service/login?flow=${flow.id}`)
      .send(credentials(await person(app)));
    expect(answer.status).toBe(200);
  });
});

test('as in Kratos, the origin of a form is not checked, and the start says so', async () => {
  const parity = await startTestApp({ config, parity: true });
  const agent = parity.publicAgent();
  const flow = await begin(agent);
  const form = { csrf_token: field(flow, 'csrf_token'), ...credentials(await person(parity)) };
  const headers = { accept: 'text/html', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect(signedIn(await agent.post(`/self-service/login?flow=${flow.id}`).set(headers).type('form').send(form))).toBe(
    true,
  );
  expect(parity.configuration.deviations.join()).toContain('regain.serve.check_origin: ');
  await parity.stop();
});
