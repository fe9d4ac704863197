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
    'regain.recovery.second_factor',
    ({ recovery }) => recovery.second_factor === 'ignore',
    'a link gets past a second factor',
  ],
  [
    'regain.return_to_prefix_match',
    ({ return_to_prefix_match }) => return_to_prefix_match,
    'an allowed return URL also allows longer paths that merely begin like it',
  ],
  [
    'regain.courier.show_unsent_secrets',
    ({ courier }) => courier.show_unsent_secrets,
    'the admin API shows links and codes of unsent messages',
  ],
];

/** One line for each of them in force. */
export function deviationsOf(regain: RegainConfig): string[] {
  return DEVIATIONS.filter(([, inForce]) => inForce(regain)).map(([path, , meaning]) => `${path}: ${meaning}`);
}
