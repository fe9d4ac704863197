/** Query parameters that hold secrets: `token`, `code`, `state` and everything that ends in `_token`. */
const SECRET = /^(token|code|state)$|_token$/i;

/** The URL with the values of its secret parameters replaced; anything that is no URL comes back empty. */
export function redactRequestUrl(url: string): string {
  if (!URL.canParse(url)) return '';
  const parsed = new URL(url);
  for (const name of new Set(parsed.searchParams.keys())) {
    if (SECRET.test(name)) parsed.searchParams.set(name, 'redacted');
  }
  return parsed.href;
}
