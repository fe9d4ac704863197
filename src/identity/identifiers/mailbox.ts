import { domainToASCII } from 'node:url';

/**
 * The key that identifies a mailbox or telephone: values with the same key reach the same place. Mail servers read the
 * domain as A-labels, so all its spellings are equal. Only the receiving server interprets the local part, so another
 * spelling may be another person's mailbox. `normalizeIdentifier` folds more: it also joins look-alikes, which are
 * different mailboxes.
 *
 * @param value as stored: trimmed, in lower case
 */
export function mailboxOf(via: string, value: string): string {
  if (via !== 'email') return value;
  const at = value.lastIndexOf('@');
  const domain = domainToASCII(value.slice(at + 1));
  return domain === '' ? value : `${value.slice(0, at)}@${domain}`;
}
