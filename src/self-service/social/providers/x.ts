import { type PresetOf, asSubject } from '../protocol/preset.js';

const ME = 'https://api.x.com/2/users/me';

/**
 * X over OAuth 2.0, with the OAuth 2.0 client id and secret, not the older API key. The subject is the account's
 * number.
 * @see https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
 */
export const x: PresetOf = ({ scope }) => ({
  protocol: {
    kind: 'oauth',
    authorizationEndpoint: 'https://x.com/i/oauth2/authorize',
    tokenEndpoint: 'https://api.x.com/2/oauth2/token',
    clientAuthentication: 'basic',
  },
  scope: [...new Set([...scope, 'users.read', 'tweet.read'])],
  pkce: 'always',
  subject: async ({ ask }) => {
    const { data } = await ask(ME);
    return asSubject((data as { id?: unknown } | undefined)?.id);
  },
});
