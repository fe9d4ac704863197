/**
 * What a limit counts by: the caller's network, the actor, or a subject that the caller names (an address, an
 * identifier).
 */
export type Part = 'network' | 'actor' | 'subject';

/**
 * All rate limits. `regain.rate_limits` sets the rate of each, by the same name.
 *
 * A subject that anyone can name (an address, an identifier) is counted twice: strictly per network, so that a stranger
 * uses up their own budget and not the owner's; and loosely in total, so that many networks together cannot get around
 * it.
 * Subjects are counted whether or not they exist.
 */
export const LIMITS = {
  refused_network: ['network'],
  login_network: ['network'],
  login_device: ['subject'],
  login_identifier: ['network', 'subject'],
  login_identifier_total: ['subject'],
  recovery_network: ['network'],
  recovery_address: ['network', 'subject'],
  recovery_mails: ['subject'],
  code_network: ['network'],
  code_address: ['network', 'subject'],
  code_account: ['subject'],
  link_network: ['network'],
  new_address: ['subject'],
  settings_session: ['subject'],
  issue_actor: ['actor'],
  deliver_address: ['subject'],
} as const satisfies Record<string, readonly Part[]>;

export type LimitName = keyof typeof LIMITS;

export const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];

/** Limits that the correct secret resets. */
export const FORGIVEN: readonly LimitName[] = ['login_identifier', 'login_identifier_total'];
