import { createHash } from 'node:crypto';

/** One of the addresses that a person may choose between; the address itself is not shown. */
interface Choice {
  /** what a form sends back */
  readonly hash: string;
  readonly masked: string;
}

/** Where a person stands who names any address first, and chooses between those of the account then. */
export interface Choosing {
  readonly step: 'address' | 'choice' | 'confirm';
  /** the address that was named first, as given */
  readonly address: string;
  readonly choices: readonly Choice[];
}

/** As Kratos makes it, and its clients know it: padded base64 of the SHA-256. */
export const addressHash = (address: string): string => createHash('sha256').update(address).digest('base64');

/** Characters that stand for those that are left out. */
const MASK = '****';

/** The first two characters before the `@`, and all that follows it; of anything else three and the last two. */
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

/** What clients see of the state of such a flow. */
export function choosingState(state: string, { step }: Choosing): string {
  if (state === 'choose_method') return STATES[step];
  return state === 'sent_email' ? 'recovery_awaiting_code' : state;
}
