/** The wanted scopes that the held ones do not include. */
export function missingScopes(held: readonly string[], wanted: readonly string[]): string[] {
  return held.includes('*') ? [] : wanted.filter((scope) => !held.includes(scope));
}
