import { type FormFields, formText } from '../../platform/http/index.js';

/** What a form may tell a provider about the sign-in, and how long it may be. */
const ALLOWED = ['login_hint', 'hd', 'prompt', 'auth_type', 'acr_values'];
const LONGEST = 256;

/** `upstream_parameters` of a form, as an object in JSON or as dotted fields. */
export function upstreamParameters(form: FormFields): Record<string, string> {
  const nested: unknown = form['upstream_parameters'];
  const given = typeof nested === 'object' && nested !== null ? (nested as Record<string, unknown>) : {};
  const entries = ALLOWED.map((name) => [name, given[name] ?? formText(form, `upstream_parameters.${name}`)] as const);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is readonly [string, string] =>
        typeof entry[1] === 'string' && entry[1] !== '' && entry[1].length <= LONGEST,
    ),
  );
}
