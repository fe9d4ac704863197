import { IdentityRefused } from '../identity.errors.js';

const NO_FACTORS =
  'Regain keeps no second factors and no passkeys that are given; the import brings that somebody has one.';

/** What Kratos takes and Regain does not do: ignored, it would promise something that is not there. */
const UNSUPPORTED: readonly { readonly path: readonly string[]; readonly why: string }[] = [
  { path: ['organization_id'], why: 'there are no organizations.' },
  ...['totp', 'lookup_secret', 'webauthn', 'passkey'].map((type) => ({ path: ['credentials', type], why: NO_FACTORS })),
  { path: ['credentials', 'saml'], why: 'there is no sign-in by SAML.' },
  {
    path: ['credentials', 'password', 'config', 'use_password_migration_hook'],
    why: 'there are no web hooks. Give the hash itself: Regain verifies the kinds that Kratos does.',
  },
];

/** @throws IdentityRefused for a field that asks for something that is not there; null, false and empty values ask for nothing */
export function refuseUnsupported(raw: object): void {
  for (const { path, why } of UNSUPPORTED)
    if (asks(at(raw, path))) throw new IdentityRefused(`${path.join('.')} is not supported: ${why}`);
}

/** The body without them: none is left that asks for anything. */
export function withoutUnsupported(raw: object): object {
  return UNSUPPORTED.reduce<object>((body, { path }) => without(body, path), raw);
}

const asks = (value: unknown): boolean => value !== undefined && value !== null && value !== false && value !== '';

function at(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return undefined;
  return at((value as Record<string, unknown>)[first], rest);
}

function without(value: object, [first, ...rest]: readonly string[]): object {
  if (first === undefined || !Object.hasOwn(value, first)) return value;
  const { [first]: inner, ...others } = value as Record<string, unknown>;
  if (rest.length === 0) return others;
  if (typeof inner !== 'object' || inner === null) return value;
  return { ...others, [first]: without(inner, rest) };
}
