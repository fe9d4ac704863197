import { createHash } from 'node:crypto';

/** One of the addresses to choose from; the address itself is not shown. */
interface Choice {
  /** the value that a form sends back */
  readonly hash: string;
  readonly masked: string;
}

/** Progress of a person who first enters any address, then chooses among the account's addresses. */
export interface Choosing {
  readonly step: 'address' | 'choice' | 'confirm';
  /** the address that was entered first, as given */
  readonly address: string;
  readonly choices: readonly Choice[];
}

/** Same as in Kratos, because its clients compute it too: padded base64 of the SHA-256. */
export const addressHash = (address: string): string => createHash('sha256').update(address).digest('base64');

/** Replaces the omitted characters. */
const MASK = '****';

/**
 * Keeps the first two characters before the `@` and everything after it; for other texts, the first three and the last
 * two characters.
 */
export function maskAddress(address: string): string {
  const at = address.indexOf('@');
  if (at >= 0) return at < 2 ? address : `${address.slice(0, 2)}${MASK}${address.slice(at)}`;
  return address.length < 6 ? address : `${address.slice(0, 3)}${MASK}${address.slice(-2)}`;
}

const STATES = {
  address: 'recovery_awaiting_address',
  choice: 'recovery_awaiting_address_choice',
  confirm: 'recovery_awaiting_address_confirm',
} as const;

/** The state of such a flow as clients see it. */
export function choosingState(state: string, { step }: Choosing): string {
  if (state === 'choose_method') return STATES[step];
  return state === 'sent_email' ? 'recovery_awaiting_code' : state;
}
