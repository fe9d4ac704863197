import { type Found, type PresetOf, subjectOfToken, asSubject, withOpenId } from '../protocol/preset.js';

const ME = 'https://graph.microsoft.com/v1.0/me';

/**
 * `sub` differs per application; `oid`, and the id from Graph (`me`), are the same for all applications of a tenant.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export const microsoft: PresetOf = ({ microsoft_tenant: tenant = 'common', subject_source: source, scope }) => ({
  protocol: { kind: 'openid', issuer: `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/v2.0` },
  scope: withOpenId(scope),
  // Discovery doesn't announce support; the documentation does.
  pkce: 'always',
  subject: subjectFrom(source),
});

function subjectFrom(source: string | undefined): (found: Found) => string | Promise<string> {
  switch (source) {
    case 'oid':
      return ({ claims }) => asSubject(claims['oid']);
    case 'me':
      return async ({ ask }) => asSubject((await ask(ME))['id']);
    default:
      return subjectOfToken;
  }
}
