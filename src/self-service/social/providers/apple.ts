import { createPrivateKey, sign } from 'node:crypto';
import type { OidcProvider } from '../../../config/index.js';
import { type PresetOf, subjectOfToken, withOpenId } from '../protocol/preset.js';

const ISSUER = 'https://appleid.apple.com';
/** Seconds. Apple allows up to half a year; a new one is created for each exchange. */
const LIFETIME = 300;

/**
 * If a name or an address is requested, Apple answers with a form that its page posts.
 * @see https://developer.apple.com/documentation/signinwithapplerestapi
 */
export const apple: PresetOf = (config) => ({
  protocol: { kind: 'openid', issuer: ISSUER },
  scope: withOpenId(config.scope),
  pkce: 'auto',
  ...(config.scope.some((each) => each === 'name' || each === 'email')
    ? { authorization: { response_mode: 'form_post' } }
    : {}),
  clientSecret: (now) => clientSecret(config, now),
  subject: subjectOfToken,
});

/** The client's secret is a JWT signed with the team's key. */
function clientSecret(config: OidcProvider, now: Date): string {
  const { apple_team_id: team, apple_private_key_id: keyId, apple_private_key: pem = '', client_id: client } = config;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const signed = [
    { alg: 'ES256', kid: keyId, typ: 'JWT' },
    { iss: team, iat: issuedAt, exp: issuedAt + LIFETIME, aud: ISSUER, sub: client },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
