import { normalizeIdentifier } from '../../identity/index.js';

/** As RFC 5321 bounds it. */
const LONGEST = 254;

/** One address, without what a mail program could take for two, for a name or for a header. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]+@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}.][^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]*$/u;

export interface SubmittedAddress {
  /** as given, without spaces around it */
  readonly given: string;
  /** what it is compared by */
  readonly normalized: string;
}

/** Undefined for what is not one e-mail address. */
export function readAddress(text: string): SubmittedAddress | undefined {
  const given = text.trim();
  if (given.length > LONGEST || !ADDRESS.test(given)) return undefined;
  return { given, normalized: normalizeIdentifier(given) };
}

/** For what is no e-mail address: nobody has it, and no mail goes there. */
export const nobodysAddress = (text: string): SubmittedAddress => ({ given: text, normalized: text });
