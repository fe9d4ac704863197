import { type FormFields, formText } from '../../platform/http/index.js';

/** Parameters that a form may pass to a provider, and their maximum lengths. */
const ALLOWED = ['login_hint', 'hd', 'prompt', 'auth_type', 'acr_values'];
const LONGEST = 256;

/** A form's `upstream_parameters`, as a JSON object or as dotted fields. */
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
