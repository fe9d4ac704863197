/** Query parameters that hold secrets: `token`, `code`, `state`, and every name that ends in `_token`. */
const SECRET = /^(token|code|state)$|_token$/i;

/** Characters. Anyone can start flows, so a row must not store a URL of any length. */
const LONGEST = 2_048;

/**
 * The URL with its secret parameters masked. A URL that is too long to store loses its query; a text that is not a URL
 * becomes empty.
 */
export function redactRequestUrl(url: string): string {
  if (!URL.canParse(url)) return '';
  const parsed = new URL(url);
  for (const name of new Set(parsed.searchParams.keys())) {
    if (SECRET.test(name)) parsed.searchParams.set(name, 'redacted');
  }
  if (parsed.href.length > LONGEST) parsed.search = '';
  return parsed.href;
}

/**
 * The query of a request target with its question mark, or an empty text. Drops the part before it, which a client can
 * forge.
 */
export function queryOf(target: string): string {
  return /\?.*$/s.exec(target)?.[0] ?? '';
}
