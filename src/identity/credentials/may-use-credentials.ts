import type { Actor } from '../../platform/http/index.js';

/** A token needs the scope; an operator at the console, or an admin API that asks for no token, needs none. */
export function mayUseCredentials(actor: Actor, scope: 'credentials:read' | 'credentials:write'): boolean {
  if (actor.type === 'access_token') return actor.scopes?.some((each) => each === scope || each === '*') ?? false;
  return actor.type === 'operator' || actor.type === 'system';
}
