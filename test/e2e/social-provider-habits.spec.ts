/** Deviations of providers from the protocol that are not attacks. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { acmeAt, newSubject, socialConfig, socialPeople, textsOf, troublesOf } from '../support/social-people.js';
import { ActedProvider, type Misbehaviour } from '../support/social-provider.js';

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
beforeEach(() => {
  provider.misbehaviour = {};
  app.log.length = 0;
});

const signsIn = async (sub: string): Promise<string | undefined> => people.whoami((await people.signIn(sub)).browser);

describe('people sign in where a provider', () => {
  const without = ({ token_type: _, ...answer }: Record<string, unknown>) => answer;
  const habits: [string, Misbehaviour][] = [
    ['answers 201', { token: (answer) => ({ status: 201, answer }) }],
    ['omits the type of its token', { token: (answer) => ({ answer: without(answer) }) }],
    ['sends null for the type of its token', { token: (answer) => ({ answer: { ...answer, token_type: null } }) }],
    ['answers 202 and omits the type', { token: (answer) => ({ status: 202, answer: without(answer) }) }],
    ['names no key', { namesNoKey: true }],
    ['names no key and has a second one', { namesNoKey: true, keys: 'first of two' }],
    ['names no key and lists another one first', { namesNoKey: true, keys: 'last of two' }],
  ];

  test.each(habits)('%s', async (_, misbehaviour) => {
    const anna = await people.connected();
    provider.misbehaviour = misbehaviour;
    expect(await signsIn(anna.sub)).toBe(anna.id);
    expect(troublesOf(app)).toEqual([]);
  });

  test('and nobody signs in with the signature of a foreign key', async () => {
    const anna = await people.connected();
    provider.misbehaviour = { namesNoKey: true, alg: 'RS256 with another key' };
    expect(await signsIn(anna.sub)).toBeUndefined();
    expect(troublesOf(app)).toMatchObject([{ check: 'JWT signature verification failed' }]);
  });
});

test('a key that was replaced under its name is reloaded at once, and then not again for a while', async () => {
  const own = await ActedProvider.start();
  const there = await startTestApp({ config: socialConfig(acmeAt(own)) });
  try {
    const known = socialPeople(there, own);
    const anna = await known.connected();
    const enters = async () => known.whoami((await known.signIn(anna.sub)).browser);
    expect(await enters()).toBe(anna.id);
    const asked = () => own.asked.filter((path) => path === '/jwks').length;
    const before = asked();
    own.misbehaviour = { keys: 'another', alg: 'RS256 with another key' };
    expect(await enters()).toBe(anna.id);
    expect(asked()).toBe(before + 1);
    expect(await enters()).toBe(anna.id);
    expect(asked()).toBe(before + 1);
    own.misbehaviour = { alg: undefined };
    for (let i = 0; i < 3; i++) expect(await enters()).toBeUndefined();
    expect(asked()).toBe(before + 1);
    expect(new Set(own.exchanges.map((form) => form.get('code'))).size).toBe(own.exchanges.length);
  } finally {
    await there.stop();
    await own.stop();
  }
});

test.each([
  ['5,000 characters', 's'.repeat(5000)],
  ['256 characters', 's'.repeat(256)],
  ['a NUL', 'a\0b'],
  ['a lone surrogate', 'a\ud800'],
])('an account whose subject is %s is refused in words', async (_, sub) => {
  provider.misbehaviour = { claims: (claims) => ({ ...claims, sub }) };
  const { browser, flow } = await people.signIn(newSubject());
  expect(await people.whoami(browser)).toBeUndefined();
  expect(textsOf(await people.flowOf(browser, 'login', flow.id))).toEqual([
    'This account of Acme cannot be used here. Please sign in another way.',
  ]);
  expect(troublesOf(app)).toEqual([{ trouble: 'unusable', code: 'subject_unusable' }]);
});

test('an account with the longest allowed subject is connected', async () => {
  const sub = 's'.repeat(255);
  provider.misbehaviour = { claims: (claims) => ({ ...claims, sub }) };
  const anna = await people.connected();
  expect(await people.connectionsOf(anna.id)).toHaveLength(1);
});
