/** The wanted scopes that are not covered by the held ones. */
export function missingScopes(held: readonly string[], wanted: readonly string[]): string[] {
  return held.includes('*') ? [] : wanted.filter((scope) => !held.includes(scope));
}
