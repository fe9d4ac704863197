/** What a limit counts apart: the caller's network, who acts, or what the caller names (an address, an identifier). */
export type Part = 'network' | 'actor' | 'subject';

/**
 * Every limit. Its rate is the key of the same name under `regain.rate_limits`.
 *
 * What anybody can name (an address, an identifier) is counted twice: tightly from one network, so that a stranger uses up
 * their own budget and not its owner's, and loosely in all, so that many networks do not add up. Nobody looks whether the
 * name exists.
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

/** What the right secret starts anew. */
export const FORGIVEN: readonly LimitName[] = ['login_identifier', 'login_identifier_total'];
