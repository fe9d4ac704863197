import { domainToASCII } from 'node:url';

/**
 * What tells one mailbox or telephone from another: two values with the same text reach the same place. Mail servers read the domain
 * as A-labels, so its spellings are one; the local part is theirs to read, so any other spelling of it may be somebody else's.
 * `normalizeIdentifier` joins more than that: look-alikes, which are different mailboxes.
 *
 * @param value as it is stored: trimmed, in lower case
 */
export function mailboxOf(via: string, value: string): string {
  if (via !== 'email') return value;
  const at = value.lastIndexOf('@');
  const domain = domainToASCII(value.slice(at + 1));
  return domain === '' ? value : `${value.slice(0, at)}@${domain}`;
}
