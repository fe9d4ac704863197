import { hardlyLimits } from './sections/rate-limits.config.js';
import type { RegainConfig } from './sections/regain.config.js';

type Deviation = readonly [path: string, inForce: (regain: RegainConfig) => boolean, meaning: string];

/** The safe defaults that can be set to Kratos' value, and what that means. */
export const DEVIATIONS: readonly Deviation[] = [
  ['regain.admin.authentication', ({ admin }) => admin.authentication === 'none', 'the admin API requires no token'],
  [
    'regain.admin.name_keys',
    ({ admin }) => !admin.name_keys,
    'administrators do not learn which key prevents an action',
  ],
  [
    'regain.serve.check_origin',
    ({ serve }) => !serve.check_origin,
    'other sites may post forms here and sign a browser in to their own account',
  ],
  [
    'regain.admin.strict_fields',
    ({ admin }) => admin.strict_fields === 'none',
    'misspelt fields of admin requests are ignored or refused as in Kratos, without a warning',
  ],
  [
    'regain.admin.strict_filters',
    ({ admin }) => !admin.strict_filters,
    'lists ignore unknown filters and show everything',
  ],
  [
    'regain.admin.page_limit',
    ({ admin }) => admin.page_limit > 16_384,
    'one large page of a list may delay everybody else',
  ],
  [
    'regain.serve.redirect_between_listeners',
    ({ serve }) => serve.redirect_between_listeners,
    'the public listener reveals the address of the admin listener',
  ],
  [
    'regain.serve.public_body_limit',
    ({ serve }) => serve.public_body_limit >= 512,
    'anybody may send large bodies, which delay everybody else',
  ],
  [
    'regain.recovery.redeem_on',
    ({ recovery }) => recovery.redeem_on === 'get',
    'opening a link uses it up, and mail scanners open links',
  ],
  [
    'regain.recovery.max_expires_in',
    ({ recovery }) => recovery.max_expires_in === null,
    'the lifetime of links and codes is unlimited',
  ],
  [
    'regain.recovery.uniform_failures',
    ({ recovery }) => !recovery.uniform_failures,
    'answers reveal whether a link is expired or used',
  ],
  [
    'regain.recovery.invalidate_siblings',
    ({ recovery }) => !recovery.invalidate_siblings,
    'other links and codes survive a recovery',
  ],
  [
    'regain.recovery.end_previous_session',
    ({ recovery }) => !recovery.end_previous_session,
    "the browser's previous session survives a recovery",
  ],
  [
    'regain.recovery.revoke_sessions',
    ({ recovery }) => !recovery.revoke_sessions,
    'sessions from before a recovery survive it',
  ],
  [
    'regain.recovery.hand_over',
    ({ recovery }) => !recovery.hand_over,
    'the old password and connected accounts keep working during and after a recovery',
  ],
  [
    'regain.recovery.second_factor',
    ({ recovery }) => recovery.second_factor === 'ignore',
    'a link bypasses a second factor',
  ],
  [
    'regain.recovery.address_min_age',
    ({ recovery }) => recovery.address_min_age.seconds === 0,
    'an address that an access token has just set receives links and codes at once',
  ],
  [
    'regain.login.known_for',
    ({ login }) => login.known_for === null,
    'strangers who guess can lock the owner out: no browser or network is remembered',
  ],
  [
    'regain.settings.one_at_a_time',
    ({ settings }) => !settings.one_at_a_time,
    'one account may use up all hashing capacity with simultaneous changes',
  ],
  [
    'regain.return_to_prefix_match',
    ({ return_to_prefix_match }) => return_to_prefix_match,
    'an allowed return URL also allows paths that merely start with it',
  ],
  [
    'regain.social.pkce',
    ({ social }) => social.pkce === 'announced',
    'without announced PKCE, provider codes are not bound to the browser that started',
  ],
  [
    'regain.courier.show_unsent_secrets',
    ({ courier }) => courier.show_unsent_secrets,
    'the admin API shows links and codes of unsent messages',
  ],
  [
    'regain.courier.notices',
    ({ courier }) => !courier.notices,
    'people are not notified of recoveries, new credentials and new addresses',
  ],
  [
    'regain.rate_limits',
    ({ rate_limits }) => hardlyLimits(rate_limits),
    'guessing and flooding are hardly slowed down: a limit is off, or ten times its default',
  ],
];

/** One line for each deviation in force. */
export function deviationsOf(regain: RegainConfig): string[] {
  return DEVIATIONS.filter(([, inForce]) => inForce(regain)).map(([path, , meaning]) => `${path}: ${meaning}`);
}
