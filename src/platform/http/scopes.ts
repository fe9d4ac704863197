/**
 * What a personal access token may be allowed to do. Each admin route requires one of these; `*` stands for all of
 * them.
 */
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

/** A scope by name; a misspelled one does not compile. */
export type ScopeName = (typeof SCOPES)[number];

/** Every scope that a token of this server may hold: ours, and those that extensions bring. */
export class ScopeNames {
  readonly all: readonly string[];

  constructor(ofExtensions: readonly string[] = []) {
    this.all = [...SCOPES, ...ofExtensions];
  }

  has(text: string): boolean {
    return this.all.includes(text);
  }
}
