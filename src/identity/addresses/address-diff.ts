import { mailboxOf } from '../identifiers/mailbox.js';
import { normalizeIdentifier } from '../identifiers/normalize.js';
import type { TraitRows } from '../identifiers/trait-rows.js';
import type { IdentityView } from '../identity.view.js';

/** An address of an identity, before or after a change. */
export interface ListedAddress {
  readonly kind: 'recovery' | 'verifiable';
  readonly via: string;
  readonly value: string;
  readonly mailbox: string;
  readonly normalized: string;
}

/** The effect of an address change, per mailbox. */
export interface AddressDiff {
  readonly added: readonly ListedAddress[];
  readonly removed: readonly ListedAddress[];
  /** same mailbox, different spelling */
  readonly respelled: readonly ListedAddress[];
}

/** The addresses that an identity has or will have. */
interface Addresses {
  readonly recovery: readonly { via: string; value: string }[];
  readonly verifiable: readonly { via: string; value: string }[];
}

export const addressesOf = ({ recoveryAddresses, verifiableAddresses }: IdentityView): Addresses => ({
  recovery: recoveryAddresses,
  verifiable: verifiableAddresses,
});

export function diffOf(before: Addresses, after: Addresses | TraitRows): AddressDiff {
  const [old, next] = [listed(before), listed(after)];
  return {
    added: next.filter((each) => !old.some(isSame(each))),
    removed: old.filter((each) => !next.some(isSame(each))),
    respelled: next.filter((each) => old.some((other) => isSame(each)(other) && other.value !== each.value)),
  };
}

/** Whether the address can ever get a secret: links and codes are sent by mail only. */
export const getsSecrets = ({ kind, via }: ListedAddress): boolean => kind === 'recovery' && via === 'email';

const listed = ({ recovery, verifiable }: Addresses): ListedAddress[] => [
  ...recovery.map(list('recovery')),
  ...verifiable.map(list('verifiable')),
];

const list =
  (kind: ListedAddress['kind']) =>
  ({ via, value }: { via: string; value: string }): ListedAddress => ({
    kind,
    via,
    value,
    mailbox: mailboxOf(via, value),
    normalized: normalizeIdentifier(value),
  });

const isSame =
  (a: ListedAddress) =>
  (b: ListedAddress): boolean =>
    a.kind === b.kind && a.via === b.via && a.mailbox === b.mailbox;
