import { type PresetOf, subjectOfUserInfo, asSubject, withOpenId } from '../protocol/preset.js';

const OAUTH = {
  kind: 'oauth',
  authorizationEndpoint: 'https://www.linkedin.com/oauth/v2/authorization',
  tokenEndpoint: 'https://www.linkedin.com/oauth/v2/accessToken',
  clientAuthentication: 'post',
} as const;

/** LinkedIn's web flow doesn't support PKCE and refuses a verifier. */
const PKCE = 'never';

/**
 * Sign In with LinkedIn using OpenID Connect. Its ID tokens contain no nonce, so the person is identified by a request.
 * @see https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2
 */
export const linkedinV2: PresetOf = ({ scope }) => ({
  protocol: OAUTH,
  scope: withOpenId(scope),
  pkce: PKCE,
  subject: subjectOfUserInfo('https://api.linkedin.com/v2/userinfo'),
});

/** For apps with the older product, whose scope is `r_liteprofile`. */
export const linkedin: PresetOf = ({ scope }) => ({
  protocol: OAUTH,
  scope,
  pkce: PKCE,
  subject: async ({ ask }) => asSubject((await ask('https://api.linkedin.com/v2/me'))['id']),
});
