/** What an attacker can do with codes, ID tokens and providers. Each test names the check that stops it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  acmeAt,
  isErrorPage,
  newSubject,
  refusalsOf,
  socialConfig,
  socialPeople,
  textsOf,
  troublesOf,
} from '../support/social-people.js';
import { type Misbehaviour, ActedProvider } from '../support/social-provider.js';

let provider: ActedProvider;
let evil: ActedProvider;
let app: TestApp;
let people: ReturnType<typeof socialPeople>;
let before: number;

beforeAll(async () => {
  [provider, evil] = await Promise.all([ActedProvider.start(), ActedProvider.start()]);
  app = await startTestApp({
    config: socialConfig(
      acmeAt(provider),
      acmeAt(evil, { id: 'evil', label: 'Evil' }),
      acmeAt(provider, { id: 'bare', label: 'Bare', pkce: 'never' }),
      acmeAt(provider, { id: 'announcing', label: 'Announcing' }),
    ),
  });
  people = socialPeople(app, provider);
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([provider?.stop(), evil?.stop()]);
});
beforeEach(async () => {
  provider.misbehaviour = {};
  provider.exchanges.length = 0;
  app.log.length = 0;
  before = (await refusalsOf(app, 'social.callback')).length;
});

const UNUSABLE = 'The answer from Acme could not be used. Please try again.';

type Trouble = ReturnType<typeof troublesOf>[number];

/** An answer that failed this check of oauth4webapi. */
const failed = (code: string, check: string): Trouble => ({ trouble: 'unusable', code: `OAUTH_${code}`, check });
/** Audit events of this test: none, or that an answer was refused. */
const audited = async () => (await refusalsOf(app, 'social.callback')).slice(before);
const once = (provider = 'acme') => [{ target_id: null, reason: 'refused 1 time', detail: { provider } }];
const INVALID = 'INVALID_RESPONSE';
const CLAIM = 'JWT_CLAIM_COMPARISON_FAILED';

describe('providers are not mixed up', () => {
  test('an attempt with one provider is not answered at the callback of another', async () => {
    const { browser, back } = await people.begun(newSubject());
    back.pathname = back.pathname.replace('acme', 'evil');
    expect(isErrorPage(await browser.get(back))).toBe(true);
    expect(evil.exchanges).toEqual([]);
  });

  /** RFC 9207: the person was redirected from one provider to another, whose code must not be sent to the first. */
  test('an answer that names another issuer is refused', async () => {
    const anna = await people.connected();
    const { browser, flow, back } = await people.begun(anna.sub);
    back.searchParams.set('iss', evil.url);
    provider.exchanges.length = 0;
    await browser.get(back);
    expect(textsOf(await people.flowOf(browser, 'login', flow.id))).toEqual([UNUSABLE]);
    expect(troublesOf(app)).toEqual([failed(INVALID, 'unexpected "iss" (issuer) response parameter value')]);
    expect(await audited()).toEqual(once());
    expect(provider.exchanges).toEqual([]);
  });

  test('an answer without issuer, from a provider that promises one, is refused', async () => {
    const anna = await people.connected();
    provider.misbehaviour = { iss: true };
    const { browser, flow } = await people.login();
    const back = await people.away(await people.submit(browser, flow, { provider: 'announcing' }), anna.sub);
    back.searchParams.delete('iss');
    provider.exchanges.length = 0;
    await browser.get(back);
    expect(provider.exchanges).toEqual([]);
    expect(troublesOf(app)).toEqual([failed(INVALID, 'response parameter "iss" (issuer) missing')]);
    expect(await audited()).toEqual(once('announcing'));
    expect(await people.whoami(browser)).toBeUndefined();
  });
});

describe('ID tokens', () => {
  const lies: [string, Misbehaviour, Trouble][] = [
    [
      'a swapped nonce',
      { claims: (claims) => ({ ...claims, nonce: 'of-somebody-else' }) },
      failed(CLAIM, 'unexpected ID Token "nonce" claim value'),
    ],
    ['no nonce', { claims: ({ nonce: _, ...claims }) => claims }, failed(INVALID, 'JWT "nonce" (nonce) claim missing')],
    ['no signature (alg none)', { alg: 'none' }, failed(INVALID, 'unexpected JWT "alg" header parameter')],
    [
      'a MAC with the public key (HS256)',
      { alg: 'HS256 with the public key' },
      failed(INVALID, 'unexpected JWT "alg" header parameter'),
    ],
    [
      'the signature of another key',
      { alg: 'RS256 with another key' },
      failed(INVALID, 'JWT signature verification failed'),
    ],
    [
      'another audience',
      { claims: (claims) => ({ ...claims, aud: 'another-client' }) },
      failed(CLAIM, 'unexpected JWT "aud" (audience) claim value'),
    ],
    [
      'several audiences and no authorized party',
      { claims: (claims) => ({ ...claims, aud: ['the-client', 'another-client'] }) },
      failed(CLAIM, 'ID Token "aud" (audience) claim includes additional untrusted audiences'),
    ],
    [
      'another issuer',
      { claims: (claims) => ({ ...claims, iss: 'https://issuer.example.org' }) },
      failed(CLAIM, 'unexpected JWT "iss" (issuer) claim value'),
    ],
    [
      'an expiry in the past',
      { claims: (claims) => ({ ...claims, exp: Math.floor(new Date().getTime() / 1000) - 120 }) },
      failed(
        'JWT_TIMESTAMP_CHECK_FAILED',
        'unexpected JWT "exp" (expiration time) claim value, expiration is past current timestamp',
      ),
    ],
    ['no subject', { claims: ({ sub: _, ...claims }) => claims }, failed(INVALID, 'JWT "sub" (subject) claim missing')],
    ['an empty subject', { claims: (claims) => ({ ...claims, sub: '' }) }, { trouble: 'unusable', code: 'no_subject' }],
  ];
  /** A wrong clock, or a provider that omits required claims. */
  const MISTAKES = ['an expiry in the past', 'no subject', 'an empty subject'];
  const VALUES = /of-somebody-else|another-client|issuer\.example\.org|somebody@example\.com|sub-[0-9a-f]{16}/;
  const rows = () => app.sql(`SELECT e::text AS row FROM audit_event e WHERE action = 'social.callback'`);

  test.each(lies)('with %s let nobody in', async (lie, misbehaviour, trouble) => {
    const anna = await people.connected();
    provider.misbehaviour = misbehaviour;
    const { browser, flow } = await people.signIn(anna.sub);
    expect(await people.whoami(browser)).toBeUndefined();
    expect(textsOf(await people.flowOf(browser, 'login', flow.id))).toEqual([UNUSABLE]);
    expect(troublesOf(app)).toEqual([trouble]);
    expect(await audited()).toEqual(MISTAKES.includes(lie) ? [] : once());
    expect(app.log.join('\n')).not.toMatch(VALUES);
    expect(JSON.stringify(await rows())).not.toMatch(VALUES);
    provider.misbehaviour = {};
    expect(await people.whoami((await people.signIn(anna.sub)).browser)).toBe(anna.id);
  });

  test.each(lies)('with %s connect nothing', async (lie, misbehaviour, trouble) => {
    provider.misbehaviour = misbehaviour;
    const anna = await people.connected();
    expect(await people.connectionsOf(anna.id)).toEqual([]);
    expect(troublesOf(app)).toEqual([trouble]);
    expect(await audited()).toEqual(MISTAKES.includes(lie) ? [] : once());
  });
});

/** The library trusts the discovery, but the signature is checked anyway. */
describe('ID tokens of a provider that announces no signature, or a shared key', () => {
  let loose: ActedProvider;
  let other: TestApp;
  let there: ReturnType<typeof socialPeople>;

  beforeAll(async () => {
    loose = await ActedProvider.start();
    other = await startTestApp({ config: socialConfig(acmeAt(loose)) });
    there = socialPeople(other, loose);
  });
  beforeEach(() => {
    loose.misbehaviour = { metadata: { id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256'] } };
  });
  afterAll(async () => {
    await other?.stop();
    await loose?.stop();
  });

  test.each([
    ['none', 'unsupported JWS "alg" identifier'],
    ['HS256 with the public key', 'unsupported JWS algorithm'],
  ] as const)('are refused with %s', async (alg, check) => {
    const anna = await there.connected();
    loose.misbehaviour.alg = alg;
    const { browser, flow } = await there.signIn(anna.sub);
    expect(await there.whoami(browser)).toBeUndefined();
    expect(textsOf(await there.flowOf(browser, 'login', flow.id))).toEqual([UNUSABLE]);
    expect(troublesOf(other).at(-1)).toEqual(failed('UNSUPPORTED_OPERATION', check));
    expect((await refusalsOf(other, 'social.callback')).at(-1)?.reason).toBe('refused 1 time');
    delete loose.misbehaviour.alg;
    expect(await there.whoami((await there.signIn(anna.sub)).browser)).toBe(anna.id);
  });
});

describe('a stolen code', () => {
  /** The attacker has the victim's code, and uses it in their own attempt, while the provider behaves like this. */
  async function injected(providerId: string, misbehaviour: Misbehaviour) {
    const victim = await people.connected();
    if (providerId !== 'acme')
      await app.sql(
        `INSERT INTO credential_identifier (id, credential_id, identity_id, type, value, normalized)
         SELECT gen_random_uuid(), credential_id, identity_id, type, $2, $2 FROM credential_identifier WHERE value = $1`,
        [`acme:${victim.sub}`, `${providerId}:${victim.sub}`],
      );
    const stolen = (await people.begun(victim.sub, providerId)).back.searchParams.get('code') ?? '';
    const own = await people.begun(newSubject(), providerId);
    own.back.searchParams.set('code', stolen);
    provider.exchanges.length = 0;
    provider.misbehaviour = misbehaviour;
    await own.browser.get(own.back);
    provider.misbehaviour = {};
    return { victim: victim.id, got: await people.whoami(own.browser) };
  }
  /** Repeats the nonce that was requested last, whichever attempt the code belongs to. */
  const anyNonce: Misbehaviour['claims'] = (claims) => ({
    ...claims,
    nonce: new URL(provider.authorizations.at(-1) ?? '').searchParams.get('nonce'),
  });

  test('is bound to its attempt by PKCE', async () => {
    expect((await injected('acme', { claims: anyNonce })).got).toBeUndefined();
    expect(provider.exchanges.map((form) => form.get('code_verifier')?.length)).toEqual([43]);
    expect(troublesOf(app)).toEqual([{ trouble: 'unusable', code: 'invalid_grant' }]);
    expect(await audited()).toEqual(once());
  });

  test('is bound by the nonce if a provider ignores PKCE, or PKCE is off', async () => {
    const nonce = failed(CLAIM, 'unexpected ID Token "nonce" claim value');
    expect((await injected('acme', { ignoresPkce: true })).got).toBeUndefined();
    expect(troublesOf(app)).toEqual([nonce]);
    expect((await injected('bare', {})).got).toBeUndefined();
    expect(provider.exchanges.map((form) => form.get('code_verifier'))).toEqual([null]);
    expect(troublesOf(app)).toEqual([nonce, nonce]);
    expect(await audited()).toEqual([...once(), ...once('bare')]);
  });

  /** Shows that the two tests above stop something. */
  test('lets its thief in if the provider defeats both', async () => {
    const { got, victim } = await injected('acme', { claims: anyNonce, ignoresPkce: true });
    expect(got).toBe(victim);
    expect(await audited()).toEqual([]);
  });

  test('PKCE is used even if a provider does not announce it', async () => {
    const quiet = await ActedProvider.start();
    quiet.misbehaviour = { metadata: { code_challenge_methods_supported: undefined } };
    const other = await startTestApp({ config: socialConfig(acmeAt(quiet)) });
    try {
      const there = socialPeople(other, quiet);
      const { browser, flow } = await there.login();
      await there.away(await there.submit(browser, flow, { provider: 'acme' }), newSubject());
      expect(quiet.authorizations[0]).toMatch(/[?&]code_challenge_method=S256(&|$)/);
    } finally {
      await other.stop();
      await quiet.stop();
    }
  });
});

test('an address from a provider identifies nobody', async () => {
  const anna = await people.recovered();
  await app.sql(`UPDATE identity SET traits = '{"email": "somebody@example.com"}' WHERE id = $1`, [anna.id]);
  await app.sql(
    `UPDATE credential_identifier SET value = 'somebody@example.com', normalized = 'somebody@example.com' WHERE identity_id = $1 AND type = 'password'`,
    [anna.id],
  );
  const { browser, flow } = await people.signIn(newSubject()); // whose ID token contains somebody@example.com, verified
  expect(await people.whoami(browser)).toBeUndefined();
  expect(textsOf(await people.flowOf(browser, 'login', flow.id))[0]).toMatch(
    /^This Acme account is not connected here/,
  );
});

test('subjects are compared byte for byte: another spelling is another account', async () => {
  const anna = await people.connected('Subject-A');
  const { browser } = await people.signIn('subject-a');
  expect(await people.whoami(browser)).toBeUndefined();
  expect(await people.connectionsOf(anna.id)).toEqual([{ value: 'acme:Subject-A' }]);
});
