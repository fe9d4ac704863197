/**
 * A provider that is slow or unreachable, or answers nonsense, costs its own users an error on the form, and nobody
 * else anything.
 */
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { acmeAt, newSubject, refusalsOf, socialConfig, socialPeople, textsOf } from '../support/social-people.js';
import { type Misbehaviour, ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let sick: ActedProvider;
let inside: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;

beforeAll(async () => {
  const start = () => ActedProvider.start();
  [provider, sick, inside] = await Promise.all([start(), start(), start()]);
});
afterAll(async () => {
  await Promise.all([provider.stop(), sick.stop(), inside.stop()]);
});
beforeEach(async () => {
  provider.misbehaviour = {};
  sick.misbehaviour = {};
  inside.asked.length = 0;
  app = await startTestApp({ config: socialConfig(acmeAt(provider), acmeAt(sick, { id: 'sick', label: 'Sick' })) });
  people = socialPeople(app, sick);
  return () => app.stop();
});

const on =
  (path: string, answer: (response: ServerResponse) => void): NonNullable<Misbehaviour['answer']> =>
  (asked, response) => {
    if (asked !== path) return false;
    answer(response);
    return true;
  };
const DISCOVERY = '/.well-known/openid-configuration';
const AWAY = 'Sick cannot be reached at the moment. Please try again later.';
const UNUSABLE = 'The answer from Sick could not be used. Please try again.';
const json = (body: object) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** Requests the broken provider; resolves to the form's message, and the time it took. */
async function departing() {
  const { browser, flow } = await people.login();
  const begun = performance.now();
  const page = await people.submit(browser, flow, { provider: 'sick' });
  const milliseconds = performance.now() - begun;
  const shown = page.location.startsWith(sick.url) ? 'sent there' : await people.flowOf(browser, 'login', flow.id);
  return { texts: shown === 'sent there' ? [shown] : textsOf(shown), milliseconds };
}

describe('before the person leaves', () => {
  test.each([
    ['breaks connections', (response: ServerResponse) => void response.destroy(), AWAY],
    ['answers 500', (response: ServerResponse) => void response.writeHead(500).end(), UNUSABLE],
    ['answers with a page', (response: ServerResponse) => void response.end('<h1>hello</h1>'), UNUSABLE],
    ['claims another issuer', json({ issuer: 'https://issuer.example.org' }), UNUSABLE],
    ['claims to be a list', json([]), UNUSABLE],
    ['sends more than a megabyte', json({ issuer: 'x'.repeat(2_000_000) }), UNUSABLE],
    [
      'redirects to another origin',
      (response: ServerResponse) => void response.writeHead(302, { location: `${inside.url}${DISCOVERY}` }).end(),
      UNUSABLE,
    ],
  ])('a provider that %s', async (_, answer, says) => {
    sick.misbehaviour = { answer: on(DISCOVERY, answer) };
    expect((await departing()).texts).toEqual([says]);
    expect(inside.asked).toEqual([]);
  });

  test('one that never answers costs at most 5 s, and the next person nothing', { timeout: 30_000 }, async () => {
    sick.misbehaviour = { answer: on(DISCOVERY, () => undefined) };
    const first = await departing();
    expect(first.texts).toEqual([AWAY]);
    expect(first.milliseconds).toBeLessThan(5_500);
    const next = await departing();
    expect(next.texts).toEqual([AWAY]);
    expect(next.milliseconds).toBeLessThan(1_500);
  });

  test('other people’s forms and pages do not wait for it', async () => {
    sick.misbehaviour = { answer: on(DISCOVERY, () => undefined) };
    const slow = departing();
    const begun = performance.now();
    const { browser, flow } = await people.login();
    const page = await people.submit(browser, flow, { provider: 'acme' });
    expect(new URL(page.location).origin).toBe(provider.url);
    const shown = await browser.get(`${app.publicUrl}/ui/login?flow=${flow.id}`);
    expect(shown.status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(4_000);
    await slow;
  });

  test('concurrent callers share one request, and its answer is cached', async () => {
    sick.asked.length = 0;
    await Promise.all([departing(), departing(), departing()]);
    await departing();
    expect(sick.asked.filter((path) => path === DISCOVERY).length).toBe(1);
  });
});

describe('when the person is back', () => {
  async function returning(misbehaviour: Misbehaviour) {
    const { browser, flow } = await people.login();
    const back = await people.away(await people.submit(browser, flow, { provider: 'sick' }), newSubject());
    sick.misbehaviour = misbehaviour;
    const begun = performance.now();
    await browser.get(back);
    const milliseconds = performance.now() - begun;
    const refused = await refusalsOf(app, 'social.callback');
    return { texts: textsOf(await people.flowOf(browser, 'login', flow.id)), milliseconds, refused };
  }

  test.each([
    ['breaks the connection', '/token', (response: ServerResponse) => void response.destroy(), AWAY],
    ['refuses the code', '/token', (response: ServerResponse) => void response.writeHead(400).end('{}'), UNUSABLE],
    ['sends no ID token', '/token', json({ access_token: 'a', token_type: 'Bearer' }), UNUSABLE],
    ['has no keys', '/jwks', json({ keys: [] }), UNUSABLE],
    ['has keys of another kind', '/jwks', json({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'k1' }] }), UNUSABLE],
  ])('a provider that %s', async (_, path, answer, says) => {
    const { texts, refused } = await returning({ answer: on(path, answer) });
    expect(texts).toEqual([says]);
    expect(refused).toEqual([]); // nobody did anything wrong
  });

  test('one that never answers costs at most 5 s', { timeout: 30_000 }, async () => {
    const { texts, milliseconds } = await returning({ answer: on('/token', () => undefined) });
    expect(texts).toEqual([AWAY]);
    expect(milliseconds).toBeLessThan(5_500);
  });
});

/** The operator trusts the issuer's origin; what it says at run time must not lead into their network. */
describe('URLs from a provider', () => {
  test.each(['token_endpoint', 'jwks_uri'])('an internal %s is not requested', async (endpoint) => {
    sick.misbehaviour = { metadata: { [endpoint]: `${inside.url}/here` } };
    const { browser, flow } = await people.login();
    const back = await people.away(await people.submit(browser, flow, { provider: 'sick' }), newSubject());
    await browser.get(back);
    expect(textsOf(await people.flowOf(browser, 'login', flow.id))).toEqual([UNUSABLE]);
    expect(inside.asked).toEqual([]);
  });

  test('neither is one by https and by name', async () => {
    const port = new URL(inside.url).port;
    sick.misbehaviour = { metadata: { token_endpoint: `https://localhost:${port}/token` } };
    const { browser, flow } = await people.login();
    const back = await people.away(await people.submit(browser, flow, { provider: 'sick' }), newSubject());
    await browser.get(back);
    expect(textsOf(await people.flowOf(browser, 'login', flow.id))).toEqual([UNUSABLE]);
    expect(inside.asked).toEqual([]);
  });
});

test('a provider’s words are shown as text, of limited length, and not logged', async () => {
  const { browser, flow } = await people.login();
  sick.next({ error: '<script>alert(1)</script>' });
  const page = await people.submit(browser, flow, { provider: 'sick' });
  const back = await sick.authorize(page.location);
  back.searchParams.set('error_description', `canary-${'x'.repeat(5_000)}\u0007`);
  await browser.get(back);
  const [text = ''] = textsOf(await people.flowOf(browser, 'login', flow.id));
  expect(text.length).toBeLessThan(400);
  const html = (await browser.get(`${app.publicUrl}/ui/login?flow=${flow.id}`)).text;
  expect(html).not.toContain('<script');
  expect(app.log.join('\n')).not.toContain('canary-');
});
