import { hardlyLimits } from './sections/rate-limits.config.js';
import type { RegainConfig } from './sections/regain.config.js';

type Deviation = readonly [path: string, inForce: (regain: RegainConfig) => boolean, meaning: string];

/** The safe defaults that can be switched to what Kratos does, and what that means. */
export const DEVIATIONS: readonly Deviation[] = [
  [
    'regain.admin.authentication',
    ({ admin }) => admin.authentication === 'none',
    'the admin API asks nobody for a token',
  ],
  [
    'regain.admin.name_keys',
    ({ admin }) => !admin.name_keys,
    'administrators are not told which key keeps something from being done',
  ],
  [
    'regain.serve.check_origin',
    ({ serve }) => !serve.check_origin,
    'other sites may post forms here, and sign a browser in to an account of theirs',
  ],
  [
    'regain.admin.strict_fields',
    ({ admin }) => admin.strict_fields === 'none',
    'misspelt fields of admin requests are ignored, or refused, as Kratos does, and nobody is warned',
  ],
  [
    'regain.admin.strict_filters',
    ({ admin }) => !admin.strict_filters,
    'a list that is asked for with an unknown filter shows everything',
  ],
  [
    'regain.serve.redirect_between_listeners',
    ({ serve }) => serve.redirect_between_listeners,
    'the public listener tells where the admin listener is',
  ],
  [
    'regain.serve.public_body_limit',
    ({ serve }) => serve.public_body_limit >= 512,
    'anybody may send bodies that keep everybody else waiting while they are read',
  ],
  [
    'regain.recovery.redeem_on',
    ({ recovery }) => recovery.redeem_on === 'get',
    'opening a link uses it up, and mail scanners open links',
  ],
  [
    'regain.recovery.max_expires_in',
    ({ recovery }) => recovery.max_expires_in === null,
    'links and codes may live for any time',
  ],
  [
    'regain.recovery.uniform_failures',
    ({ recovery }) => !recovery.uniform_failures,
    'answers tell whether a link is expired or was used',
  ],
  [
    'regain.recovery.invalidate_siblings',
    ({ recovery }) => !recovery.invalidate_siblings,
    'other links and codes outlive a recovery',
  ],
  [
    'regain.recovery.end_previous_session',
    ({ recovery }) => !recovery.end_previous_session,
    'the session that a browser brought along outlives a recovery',
  ],
  [
    'regain.recovery.revoke_sessions',
    ({ recovery }) => !recovery.revoke_sessions,
    'whoever was signed in before a recovery stays signed in',
  ],
  [
    'regain.recovery.hand_over',
    ({ recovery }) => !recovery.hand_over,
    'the old password and connected accounts still open the account during a recovery and after it',
  ],
  [
    'regain.recovery.second_factor',
    ({ recovery }) => recovery.second_factor === 'ignore',
    'a link gets past a second factor',
  ],
  [
    'regain.recovery.address_min_age',
    ({ recovery }) => recovery.address_min_age.seconds === 0,
    'an address that an access token has just set gets links and codes at once',
  ],
  [
    'regain.login.known_for',
    ({ login }) => login.known_for === null,
    'strangers who guess can keep an owner from signing in: no browser or network is known again',
  ],
  [
    'regain.settings.one_at_a_time',
    ({ settings }) => !settings.one_at_a_time,
    'one account may keep all hashing busy with changes at once',
  ],
  [
    'regain.return_to_prefix_match',
    ({ return_to_prefix_match }) => return_to_prefix_match,
    'an allowed return URL also allows longer paths that merely begin like it',
  ],
  [
    'regain.social.pkce',
    ({ social }) => social.pkce === 'announced',
    'codes of providers that do not announce PKCE are not bound to the browser that began',
  ],
  [
    'regain.courier.show_unsent_secrets',
    ({ courier }) => courier.show_unsent_secrets,
    'the admin API shows links and codes of unsent messages',
  ],
  [
    'regain.courier.notices',
    ({ courier }) => !courier.notices,
    'people are not told of recoveries, new credentials and new addresses',
  ],
  [
    'regain.rate_limits',
    ({ rate_limits }) => hardlyLimits(rate_limits),
    'who guesses or floods is hardly slowed down: a limit is off, or ten times its default',
  ],
];

/** One line for each of them in force. */
export function deviationsOf(regain: RegainConfig): string[] {
  return DEVIATIONS.filter(([, inForce]) => inForce(regain)).map(([path, , meaning]) => `${path}: ${meaning}`);
}
