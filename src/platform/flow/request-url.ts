/** Query parameters that hold secrets: `token`, `code`, `state` and everything that ends in `_token`. */
const SECRET = /^(token|code|state)$|_token$/i;

/** Characters. Anybody may begin flows: a row must not keep as much as they like. */
const LONGEST = 2_048;

/**
 * The URL with the values of its secret parameters replaced; one that is too long to keep, without its query. Anything that is
 * no URL comes back empty.
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

/** The query of a request's target, with its question mark; empty where it has none. What stands before it, a client may have made up. */
export function queryOf(target: string): string {
  return /\?.*$/s.exec(target)?.[0] ?? '';
}
