import { type PresetOf, subjectOfToken, withOpenId } from '../protocol/preset.js';

/**
 * gitlab.com, or the server at `issuer_url`. The subject is the account's number.
 * @see https://docs.gitlab.com/integration/openid_connect_provider/
 */
export const gitlab: PresetOf = ({ issuer_url: issuer = 'https://gitlab.com', scope }) => ({
  protocol: { kind: 'openid', issuer },
  scope: withOpenId(scope),
  pkce: 'auto',
  subject: subjectOfToken,
});
