/** What a token may be allowed to do. Each admin route asks for one; `*` holds them all. */
export const SCOPES = [
  'recovery:issue',
  'recovery:deliver',
  'recovery:revoke',
  'identity:read',
  'identity:write',
  'credentials:read',
  'credentials:write',
  'session:read',
  'session:write',
  'courier:read',
  'audit:read',
  'tokens:write',
  'metrics:read',
  '*',
] as const;

type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

/** The wanted scopes that the held ones do not include. */
export function missingScopes(held: readonly string[], wanted: readonly string[]): string[] {
  return held.includes('*') ? [] : wanted.filter((scope) => !held.includes(scope));
}
