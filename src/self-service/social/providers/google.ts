import { type PresetOf, subjectOfToken, withOpenId } from '../protocol/preset.js';

/** @see https://developers.google.com/identity/openid-connect/openid-connect */
export const google: PresetOf = ({ scope }) => ({
  protocol: { kind: 'openid', issuer: 'https://accounts.google.com' },
  scope: withOpenId(scope),
  pkce: 'auto',
  subject: subjectOfToken,
});
