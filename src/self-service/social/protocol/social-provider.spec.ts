import { beforeEach, describe, expect, test } from 'vitest';
import { type Documented, openId, provider, subjectOf } from '../../../../test/support/documented-provider.js';
import { Clock } from '../../../platform/clock/index.js';

const ISSUER = 'https://login.example.com';
const TOKENS = `${ISSUER}/token`;
const HOUR = 3_600_000;

class Hands extends Clock {
  at = 0;
  override monotonic(): number {
    return this.at;
  }
}

/** How the client sent its secret, exchange by exchange. */
let ways: ('basic' | 'post')[];
let accepted: 'basic' | 'post' | 'none';
let clock: Hands;
beforeEach(() => {
  ways = [];
  clock = new Hands();
});

/** Its discovery lists these methods; no list stands for the header. */
function client(token_endpoint_auth_methods_supported?: readonly string[]) {
  const endpoints = {
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: TOKENS,
    jwks_uri: `${ISSUER}/jwks`,
    ...(token_endpoint_auth_methods_supported && { token_endpoint_auth_methods_supported }),
  };
  const documented: Documented = openId(ISSUER, endpoints, { sub: 'sub-1' });
  const tokens = documented[TOKENS]!;
  documented[TOKENS] = (request, url) => {
    const way = request.headers?.['authorization'] === undefined ? 'post' : 'basic';
    ways.push(way);
    return way === accepted ? tokens(request, url) : { status: 401, error: 'invalid_client' };
  };
  return provider({ provider: 'generic', issuer_url: ISSUER }, documented, clock);
}

describe('a client that may send its secret in one way only', () => {
  beforeEach(() => (accepted = 'post'));

  test('succeeds with the other one, and remembers it', async () => {
    const it = client();
    expect([await subjectOf(it), await subjectOf(it)]).toEqual(['sub-1', 'sub-1']);
    expect(ways).toEqual(['basic', 'post', 'post']);
  });

  test.each([
    ['the header', ['client_secret_post'], 'basic', ['post', 'basic', 'basic']],
    ['the body', ['client_secret_basic', 'client_secret_post'], 'post', ['basic', 'post', 'post']],
  ] as const)('succeeds with %s, whatever discovery says', async (_, announced, way, tried) => {
    accepted = way;
    const it = client(announced);
    expect([await subjectOf(it), await subjectOf(it)]).toEqual(['sub-1', 'sub-1']);
    expect(ways).toEqual(tried);
  });

  /**
   * Regression: each of two exchanges switched the way for both, so the second one went back to the way that had
   * failed.
   */
  test('succeeds twice concurrently', async () => {
    const it = client();
    expect(await Promise.all([subjectOf(it), subjectOf(it)])).toEqual(['sub-1', 'sub-1']);
    expect(ways).toEqual(['basic', 'basic', 'post', 'post']);
  });

  /** Regression: once an hour, discovery replaced what had been learnt. */
  test('remembers it longer than the discovery', async () => {
    const it = client();
    await subjectOf(it);
    clock.at += HOUR;
    expect(await subjectOf(it)).toBe('sub-1');
    expect(ways).toEqual(['basic', 'post', 'post']);
  });

  test('learns again when the provider changes', async () => {
    const it = client();
    await subjectOf(it);
    accepted = 'basic';
    expect([await subjectOf(it), await subjectOf(it)]).toEqual(['sub-1', 'sub-1']);
    expect(ways).toEqual(['basic', 'post', 'post', 'basic', 'basic']);
  });
});

test('a secret that is refused both ways teaches nothing', async () => {
  accepted = 'none';
  const it = client();
  for (let time = 0; time < 2; time++)
    await expect(subjectOf(it)).rejects.toMatchObject({ kind: 'unusable', code: 'invalid_client' });
  expect(ways).toEqual(['basic', 'post', 'basic', 'post']);
});
