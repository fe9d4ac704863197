import { type PresetOf, subjectOfToken, withOpenId } from '../protocol/preset.js';

/**
 * Sign in with Slack. The subject is the user's id; the older product's scopes (`identity.…`) have no meaning there.
 * @see https://docs.slack.dev/authentication/sign-in-with-slack/
 */
export const slack: PresetOf = ({ scope }) => ({
  protocol: { kind: 'openid', issuer: 'https://slack.com' },
  scope: withOpenId(scope.filter((each) => !each.startsWith('identity.'))),
  pkce: 'auto',
  subject: subjectOfToken,
});
