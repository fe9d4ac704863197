import type { SCOPES } from '../access/index.js';
import type { Locale } from '../courier/index.js';
import type { GrantState, RESETTABLE } from '../recovery/index.js';

/*
 * The choices of options, repeated here because importing them from the modules would load everything behind their
 * doors and slow down `--help`. A missing or extra name is a type error.
 */
const namesOf = <Name extends string>(names: Readonly<Record<Name, true>>): Name[] => Object.keys(names) as Name[];

export const LOCALES = namesOf<Locale>({ en: true, de: true, fr: true, es: true });

export const GRANT_STATES = namesOf<GrantState>({ active: true, used: true, revoked: true, expired: true });

export const RESET_TYPES = namesOf<(typeof RESETTABLE)[number]>({
  password: true,
  oidc: true,
  totp: true,
  lookup_secret: true,
  webauthn: true,
});

export const SCOPE_NAMES = namesOf<(typeof SCOPES)[number]>({
  'recovery:issue': true,
  'recovery:deliver': true,
  'recovery:revoke': true,
  'identity:read': true,
  'identity:write': true,
  'credentials:read': true,
  'credentials:write': true,
  'session:read': true,
  'session:write': true,
  'courier:read': true,
  'audit:read': true,
  'tokens:write': true,
  'metrics:read': true,
  '*': true,
});
