import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  REDIRECT,
  basic,
  type Documented,
  form,
  openId,
  provider,
  sent,
  subjectOf,
  wayOf,
} from '../../../../test/support/documented-provider.js';

const GOOGLE = {
  authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
  token_endpoint: 'https://oauth2.googleapis.com/token',
  jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
  code_challenge_methods_supported: ['plain', 'S256'],
  token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
};

test('google: discovery, PKCE if announced, the subject of the ID token', async () => {
  const documented = openId('https://accounts.google.com', GOOGLE, { sub: '1101694844' });
  const it = provider({ provider: 'google', scope: ['email'] }, documented);
  expect(await it.usesPkce()).toBe(true);
  expect(await wayOf(it, 'v'.repeat(43))).toEqual({
    at: GOOGLE.authorization_endpoint,
    asks: {
      client_id: 'client-1',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'email openid',
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
      code_challenge_method: 'S256',
    },
  });
  expect(it.origins()).toEqual(['https://accounts.google.com', 'https://accounts.google.com']);
  expect(await subjectOf(it, 'v'.repeat(43))).toBe('1101694844');
  expect(form(GOOGLE.token_endpoint)).toMatchObject({ code: 'code-1', redirect_uri: REDIRECT });
  expect(sent(GOOGLE.token_endpoint)?.headers?.['authorization']).toBe(basic);
});

describe('microsoft', () => {
  const at = 'https://login.microsoftonline.com';
  const tid = '9188040d-6c67-4c5b-b112-36a304b66dad';
  const endpoints = (tenant: string) => ({
    authorization_endpoint: `${at}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${at}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${at}/${tenant}/discovery/v2.0/keys`,
  });
  const claims = { sub: 'pairwise-1', oid: 'object-1', tid };
  const one = openId(`${at}/${tid}/v2.0`, endpoints(tid), claims);

  test('one tenant: its own issuer, PKCE although discovery does not announce it', async () => {
    const it = provider({ provider: 'microsoft', microsoft_tenant: tid }, one);
    expect(await it.usesPkce()).toBe(true);
    expect((await wayOf(it)).at).toBe(`${at}/${tid}/oauth2/v2.0/authorize`);
    expect(await subjectOf(it)).toBe('pairwise-1');
  });

  test('subject_source oid: the same for every application of a tenant', async () => {
    expect(
      await subjectOf(provider({ provider: 'microsoft', microsoft_tenant: tid, subject_source: 'oid' }, one)),
    ).toBe('object-1');
  });

  test('subject_source me: the id from Graph', async () => {
    const graph = { ...one, 'https://graph.microsoft.com/v1.0/me': () => ({ id: 'graph-1' }) };
    const it = provider({ provider: 'microsoft', microsoft_tenant: tid, subject_source: 'me' }, graph);
    expect(await subjectOf(it)).toBe('graph-1');
    expect(sent('https://graph.microsoft.com/v1.0/me')?.headers?.['authorization']).toBe('Bearer access-1');
  });

  test('all tenants: the issuer must be that of the tenant in the token', async () => {
    const discovered = `${at}/{tenantid}/v2.0`;
    const common = (iss: string): Documented =>
      openId(`${at}/common/v2.0`, endpoints('common'), { ...claims, iss }, discovered);
    const config = { provider: 'microsoft', microsoft_tenant: 'common' };
    expect(await subjectOf(provider(config, common(`${at}/${tid}/v2.0`)))).toBe('pairwise-1');
    await expect(subjectOf(provider(config, common(`${at}/another/v2.0`)))).rejects.toThrow('unusable');
  });
});

describe('apple', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const config = {
    provider: 'apple',
    client_id: 'com.example.web',
    apple_team_id: 'TEAM123456',
    apple_private_key_id: 'KEY1234567',
    apple_private_key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const APPLE = {
    authorization_endpoint: 'https://appleid.apple.com/auth/authorize',
    token_endpoint: 'https://appleid.apple.com/auth/token',
    jwks_uri: 'https://appleid.apple.com/auth/keys',
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  };
  const documented = openId('https://appleid.apple.com', APPLE, { sub: '001234.abc', aud: 'com.example.web' });

  test('the client authenticates with a JWT signed by the team’s key', async () => {
    const it = provider(config, documented);
    expect(await subjectOf(it)).toBe('001234.abc');
    const [header = '', payload = '', signature = ''] = (form(APPLE.token_endpoint)['client_secret'] ?? '').split('.');
    const [head, claims] = [header, payload].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    expect(head).toEqual({ alg: 'ES256', kid: 'KEY1234567', typ: 'JWT' });
    expect(claims).toMatchObject({ iss: 'TEAM123456', aud: 'https://appleid.apple.com', sub: 'com.example.web' });
    expect(claims.exp - claims.iat).toBe(300);
    const how = { key: createPublicKey(key.privateKey), dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), how, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(sent(APPLE.token_endpoint)?.headers?.['authorization']).toBeUndefined();
  });

  test('a request for a name or an address is answered by a form', async () => {
    expect((await wayOf(provider({ ...config, scope: ['name'] }, documented))).asks).toMatchObject({
      response_mode: 'form_post',
      scope: 'name openid',
    });
    expect((await wayOf(provider(config, documented))).asks).not.toHaveProperty('response_mode');
  });

  test('a key with escaped line breaks is accepted too', async () => {
    const oneLine = config.apple_private_key.replaceAll('\n', '\\n');
    expect(await subjectOf(provider({ ...config, apple_private_key: oneLine }, documented))).toBe('001234.abc');
  });
});

describe('gitlab', () => {
  const at = (host: string) => ({
    authorization_endpoint: `${host}/oauth/authorize`,
    token_endpoint: `${host}/oauth/token`,
    jwks_uri: `${host}/oauth/discovery/keys`,
  });

  test.each([
    ['gitlab.com', {}, 'https://gitlab.com'],
    ['a self-hosted server', { issuer_url: 'https://git.example.com' }, 'https://git.example.com'],
  ])('%s', async (_, config, host) => {
    const it = provider({ provider: 'gitlab', ...config }, openId(host, at(host), { sub: '42' }));
    expect((await wayOf(it)).at).toBe(`${host}/oauth/authorize`);
    expect(await subjectOf(it)).toBe('42');
  });
});

test('slack: Sign in with Slack; older scopes are left out', async () => {
  const endpoints = {
    authorization_endpoint: 'https://slack.com/openid/connect/authorize',
    token_endpoint: 'https://slack.com/api/openid.connect.token',
    jwks_uri: 'https://slack.com/openid/connect/keys',
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  };
  const documented = openId('https://slack.com', endpoints, { sub: 'U0R7MFMJM' });
  const it = provider({ provider: 'slack', scope: ['identity.basic', 'email'] }, documented);
  const { at, asks } = await wayOf(it);
  expect([at, asks['scope']]).toEqual(['https://slack.com/openid/connect/authorize', 'email openid']);
  expect(await subjectOf(it)).toBe('U0R7MFMJM');
});

test('auth0: the tenant’s issuer ends in a slash', async () => {
  const issuer = 'https://example.eu.auth0.com/';
  const endpoints = {
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    jwks_uri: `${issuer}.well-known/jwks.json`,
  };
  const it = provider(
    { provider: 'auth0', issuer_url: 'https://example.eu.auth0.com' },
    openId(issuer, endpoints, { sub: 'auth0|5f7c8ec7' }),
  );
  expect((await wayOf(it)).at).toBe('https://example.eu.auth0.com/authorize');
  expect(await subjectOf(it)).toBe('auth0|5f7c8ec7');
});

test('generic: URLs from the configuration override discovery', async () => {
  const issuer = 'https://login.example.com';
  const own = { token_endpoint: `${issuer}/elsewhere`, jwks_uri: `${issuer}/jwks` };
  const documented = openId(issuer, { ...own, authorization_endpoint: `${issuer}/hidden` }, { sub: 's-1' });
  const it = provider(
    {
      provider: 'generic',
      issuer_url: issuer,
      auth_url: `${issuer}/start`,
      token_url: `${issuer}/elsewhere`,
      requested_claims: { id_token: { sub: { essential: true } } },
    },
    documented,
  );
  const { at, asks } = await wayOf(it);
  expect([at, asks['claims']]).toEqual([`${issuer}/start`, '{"id_token":{"sub":{"essential":true}}}']);
  expect(it.origins()).toEqual([issuer, issuer]);
  expect(await subjectOf(it)).toBe('s-1');
});
