import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Longest text that is checked; a number has at most 15 digits, and an extension a few more. */
const LONGEST = 250;

/** Whether the text is an assigned number in international form, with any grouping: `+49 (30) 1234-56`. */
export function isTelephone(text: string): boolean {
  return text.length <= LONGEST && parsePhoneNumberFromString(text.normalize('NFKC'))?.isValid() === true;
}
