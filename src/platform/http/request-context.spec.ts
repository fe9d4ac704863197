import { describe, expect, test } from 'vitest';
import { type Actor, CurrentRequest } from './request-context.js';
import type { ScopeName } from './scopes.js';

const current = new CurrentRequest();
const mayAs = (actor: Actor | undefined, scope: ScopeName = 'recovery:issue'): boolean =>
  current.run({ requestId: '', network: '', userAgent: '', ...(actor && { actor }) }, () => current.may(scope));

describe('permissions of the actor', () => {
  test.each<[string, Actor, boolean]>([
    ['a token with the scope', { type: 'access_token', scopes: ['courier:read', 'recovery:issue'] }, true],
    ['a token with every scope', { type: 'access_token', scopes: ['*'] }, true],
    ['a token with another scope', { type: 'access_token', scopes: ['recovery:deliver'] }, false],
    ['a token without any', { type: 'access_token' }, false],
    ['an operator', { type: 'operator' }, true],
    ['an admin API without tokens', { type: 'system' }, true],
    // Callers without scopes were once mistaken for callers who need none.
    ['a person', { type: 'session' }, false],
    ['an unknown caller', { type: 'anonymous' }, false],
  ])('%s', (_, actor, may) => expect(mayAs(actor)).toBe(may));

  test('are none until the guard has named the actor, and all outside a request', () => {
    expect([mayAs(undefined), current.may('recovery:issue')]).toEqual([false, true]);
  });
});
