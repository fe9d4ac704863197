import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Longest text that is looked at; a number has 15 digits at most, an extension some more. */
const LONGEST = 250;

/** Whether it is a number that is in use somewhere, in international form, however it is grouped: `+49 (30) 1234-56`. */
export function isTelephone(text: string): boolean {
  return text.length <= LONGEST && parsePhoneNumberFromString(text.normalize('NFKC'))?.isValid() === true;
}
