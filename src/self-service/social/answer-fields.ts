import type { FormFields } from '../../platform/http/index.js';

/**
 * The fields of a provider's answer. Names and ID tokens that some providers add are ignored, and must not end up in a
 * URL.
 */
const FIELDS = ['state', 'code', 'iss', 'error', 'error_description'];

export function answerFields(form: FormFields): Record<string, string> {
  const given = FIELDS.map((name) => [name, form[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is readonly [string, string] => typeof entry[1] === 'string'));
}
