import { createHmac } from 'node:crypto';
import { type PresetOf, asSubject } from '../protocol/preset.js';

const ME = 'https://graph.facebook.com/me';

/**
 * The subject is the person's id within the app. The proof shows that the app which received the token is using it.
 * @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export const facebook: PresetOf = ({ scope, client_secret: secret = '' }) => ({
  protocol: {
    kind: 'oauth',
    authorizationEndpoint: 'https://www.facebook.com/dialog/oauth',
    tokenEndpoint: 'https://graph.facebook.com/oauth/access_token',
    clientAuthentication: 'post',
  },
  scope,
  pkce: 'auto',
  subject: async ({ ask, accessToken }) => {
    const proof = createHmac('sha256', secret).update(accessToken).digest('hex');
    return asSubject((await ask(`${ME}?fields=id&appsecret_proof=${proof}`))['id']);
  },
});
