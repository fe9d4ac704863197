import type { FormFields } from '../../platform/http/index.js';

/** What a provider's answer is made of; names and ID tokens that come along are not read, and do not belong in an address. */
const FIELDS = ['state', 'code', 'iss', 'error', 'error_description'];

export function answerFields(form: FormFields): Record<string, string> {
  const given = FIELDS.map((name) => [name, form[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is readonly [string, string] => typeof entry[1] === 'string'));
}
