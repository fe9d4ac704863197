import { type PresetOf, asSubject } from '../protocol/preset.js';

const USER = 'https://api.github.com/user';

/**
 * OAuth2 without OpenID Connect. The subject is the account's number, because logins can be renamed and reused by
 * others.
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export const github: PresetOf = ({ scope }) => ({
  protocol: {
    kind: 'oauth',
    authorizationEndpoint: 'https://github.com/login/oauth/authorize',
    tokenEndpoint: 'https://github.com/login/oauth/access_token',
    clientAuthentication: 'post',
  },
  scope,
  pkce: 'auto',
  subject: async ({ ask }) => {
    const user = await ask(USER, { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' });
    return asSubject(user['id']);
  },
});
