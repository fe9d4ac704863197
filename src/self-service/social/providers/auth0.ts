import { type PresetOf, subjectOfToken, withOpenId } from '../protocol/preset.js';

/**
 * The tenant at `issuer_url`; its issuer ends in a slash.
 * @see https://auth0.com/docs/authenticate/protocols/openid-connect-protocol
 */
export const auth0: PresetOf = ({ issuer_url: issuer = '', scope }) => ({
  protocol: { kind: 'openid', issuer },
  scope: withOpenId(scope),
  pkce: 'auto',
  subject: subjectOfToken,
});
