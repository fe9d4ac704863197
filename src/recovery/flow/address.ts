import { normalizeIdentifier } from '../../identity/index.js';

/** The limit in RFC 5321. */
const LONGEST = 254;

/**
 * A single address, without characters that a mail program could read as a second address, a display name or a header.
 */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]+@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}.][^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]*$/u;

export interface SubmittedAddress {
  /** as given, trimmed */
  readonly given: string;
  /** normalized for comparison */
  readonly normalized: string;
}

/** Undefined if the text is not a single e-mail address. */
export function readAddress(text: string): SubmittedAddress | undefined {
  const given = text.trim();
  if (given.length > LONGEST || !ADDRESS.test(given)) return undefined;
  return { given, normalized: normalizeIdentifier(given) };
}

/** Stands in for text that is not an e-mail address: nobody has it, and no mail is sent to it. */
export const nobodysAddress = (text: string): SubmittedAddress => ({ given: text, normalized: text });
