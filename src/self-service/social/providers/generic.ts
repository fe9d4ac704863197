import { type PresetOf, subjectOfToken, withOpenId } from '../protocol/preset.js';

/** Any OpenID provider. */
export const generic: PresetOf = ({ issuer_url: issuer = '', auth_url, token_url, scope }) => ({
  protocol: { kind: 'openid', issuer, authorizationEndpoint: auth_url, tokenEndpoint: token_url },
  scope: withOpenId(scope),
  pkce: 'auto',
  subject: subjectOfToken,
});
