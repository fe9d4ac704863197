import { dialled, displayIdentifier, normalizeIdentifier } from '../identifiers/normalize.js';
import { type Format, isMailAddress, isPhone } from './formats/index.js';
import type { Via } from './keyword.js';

const FORMAT: Readonly<Record<Via, { readonly name: 'email' | 'tel'; readonly isValid: Format }>> = {
  email: { name: 'email', isValid: isMailAddress },
  sms: { name: 'tel', isValid: isPhone },
};

/** The name of the JSON Schema format for addresses of this kind. */
export const addressFormat = (via: Via): 'email' | 'tel' => FORMAT[via].name;

/** The stored form of an address: a telephone number without separators. */
export const addressOf = (value: string, via: Via): string =>
  via === 'sms' ? dialled(displayIdentifier(value)) : displayIdentifier(value);

/** Whether messages can reach the address; false for anything that is not text. */
export const isReachable = (value: unknown, via: Via): boolean =>
  typeof value === 'string' && (normalizeIdentifier(value) === '' || FORMAT[via].isValid(addressOf(value, via)));
