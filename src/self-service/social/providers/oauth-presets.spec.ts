import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  REDIRECT,
  basic,
  type Documented,
  form,
  lastAsked,
  provider,
  sent,
  subjectOf,
  wayOf,
} from '../../../../test/support/documented-provider.js';

const GITHUB: Documented = {
  'https://github.com/login/oauth/access_token': () => ({ access_token: 'gho_1', token_type: 'bearer', scope: 'user' }),
  'https://api.github.com/user': () => ({ login: 'octocat', id: 583231 }),
};

test('github: the number of the account, not its name', async () => {
  const it = provider({ provider: 'github', scope: ['user:email'] }, GITHUB);
  expect(await wayOf(it)).toEqual({
    at: 'https://github.com/login/oauth/authorize',
    asks: {
      client_id: 'client-1',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'user:email',
      state: 'state-1',
    },
  });
  expect(await subjectOf(it)).toBe('583231');
  expect(sent('https://github.com/login/oauth/access_token')?.headers?.['accept']).toBe('application/json');
  expect(form('https://github.com/login/oauth/access_token')['client_secret']).toBe('secret-1');
  const headers = sent('https://api.github.com/user')?.headers;
  expect([headers?.['authorization'], headers?.['user-agent']]).toEqual(['Bearer gho_1', 'regain']);
});

test('github-app: no scopes, because permissions are set in the app', async () => {
  const it = provider({ provider: 'github-app', scope: ['user:email'] }, GITHUB);
  expect((await wayOf(it)).asks).not.toHaveProperty('scope');
  expect(await subjectOf(it)).toBe('583231');
});

test('discord: the user’s snowflake; identify is always requested', async () => {
  const it = provider(
    { provider: 'discord', scope: ['email'] },
    {
      'https://discord.com/api/oauth2/token': () => ({
        access_token: 'd1',
        token_type: 'Bearer',
        id_token: 'not a token',
      }),
      'https://discord.com/api/users/@me': () => ({ id: '80351110224678912', username: 'Nelly' }),
    },
  );
  const { at, asks } = await wayOf(it);
  expect([at, asks['scope']]).toEqual(['https://discord.com/oauth2/authorize', 'email identify']);
  expect(await subjectOf(it)).toBe('80351110224678912');
  expect(sent('https://discord.com/api/oauth2/token')?.headers?.['authorization']).toBe(basic);
});

test('facebook: the id within the app, requested with a proof', async () => {
  const it = provider(
    { provider: 'facebook', scope: ['public_profile'] },
    {
      'https://graph.facebook.com/oauth/access_token': () => ({
        access_token: 'f1',
        token_type: 'bearer',
        expires_in: 5,
      }),
      'https://graph.facebook.com/me': () => ({ id: '10220000000000000' }),
    },
  );
  expect((await wayOf(it)).at).toBe('https://www.facebook.com/dialog/oauth');
  expect(await subjectOf(it)).toBe('10220000000000000');
  const proof = createHmac('sha256', 'secret-1').update('f1').digest('hex');
  expect(lastAsked()).toBe(`https://graph.facebook.com/me?fields=id&appsecret_proof=${proof}`);
});

describe('linkedin', () => {
  const token = { 'https://www.linkedin.com/oauth/v2/accessToken': () => ({ access_token: 'l1', expires_in: 5 }) };

  test('linkedin_v2: the subject from the user info, never PKCE', async () => {
    const it = provider(
      { provider: 'linkedin_v2', scope: ['profile'] },
      {
        ...token,
        'https://api.linkedin.com/v2/userinfo': () => ({ sub: '782bbtaQ', name: 'John Doe' }),
      },
    );
    const { at, asks } = await wayOf(it);
    expect([at, asks['scope']]).toEqual(['https://www.linkedin.com/oauth/v2/authorization', 'profile openid']);
    expect(await it.usesPkce()).toBe(false);
    expect(await subjectOf(it)).toBe('782bbtaQ');
  });

  test('linkedin: the id of the older product', async () => {
    const it = provider(
      { provider: 'linkedin', scope: ['r_liteprofile'] },
      {
        ...token,
        'https://api.linkedin.com/v2/me': () => ({ id: 'REDACTED-1' }),
      },
    );
    expect((await wayOf(it)).asks['scope']).toBe('r_liteprofile');
    expect(await subjectOf(it)).toBe('REDACTED-1');
  });
});

test('x: OAuth 2.0 with PKCE always, the number of the account', async () => {
  const it = provider(
    { provider: 'x' },
    {
      'https://api.x.com/2/oauth2/token': () => ({ access_token: 'x1', token_type: 'bearer' }),
      'https://api.x.com/2/users/me': () => ({ data: { id: '2244994945', name: 'X Dev', username: 'XDevelopers' } }),
    },
  );
  expect(await it.usesPkce()).toBe(true);
  const { at, asks } = await wayOf(it, 'v'.repeat(43));
  expect([at, asks['scope']]).toEqual(['https://x.com/i/oauth2/authorize', 'users.read tweet.read']);
  expect(await subjectOf(it, 'v'.repeat(43))).toBe('2244994945');
  expect(form('https://api.x.com/2/oauth2/token')['code_verifier']).toBe('v'.repeat(43));
});

test.each([
  ['github', { 'https://api.github.com/user': () => ({ login: 'octocat' }) }],
  ['github', { 'https://api.github.com/user': () => ({ id: '' }) }],
  ['github', { 'https://api.github.com/user': () => ({ id: { toString: 'x' } }) }],
  ['x', { 'https://api.x.com/2/users/me': () => ({ errors: [] }) }],
] as [string, Documented][])('%s: an answer without a subject identifies nobody', async (name, answer) => {
  const tokens: Documented = {
    'https://github.com/login/oauth/access_token': () => ({ access_token: 't', token_type: 'bearer' }),
    'https://api.x.com/2/oauth2/token': () => ({ access_token: 't', token_type: 'bearer' }),
  };
  await expect(subjectOf(provider({ provider: name }, { ...tokens, ...answer }))).rejects.toMatchObject({
    kind: 'unusable',
    code: 'no_subject',
  });
});
