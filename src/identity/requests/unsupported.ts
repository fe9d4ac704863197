import { IdentityRefused } from '../identity.errors.js';

const NO_FACTORS =
  'Regain stores no second factors or passkeys from requests; the import records that a person has one.';

/** Fields that Kratos accepts and Regain can't honour. Ignoring them would promise something that does not exist. */
const UNSUPPORTED: readonly { readonly path: readonly string[]; readonly why: string }[] = [
  { path: ['organization_id'], why: 'Regain has no organizations.' },
  ...['totp', 'lookup_secret', 'webauthn', 'passkey'].map((type) => ({ path: ['credentials', type], why: NO_FACTORS })),
  { path: ['credentials', 'saml'], why: 'Regain has no SAML sign-in.' },
  {
    path: ['credentials', 'password', 'config', 'use_password_migration_hook'],
    why: 'Regain has no web hooks. Set the hash itself: Regain verifies the same kinds as Kratos.',
  },
];

/** @throws IdentityRefused for an unsupported field; null, false and empty values are accepted */
export function refuseUnsupported(raw: object): void {
  for (const { path, why } of UNSUPPORTED)
    if (asks(at(raw, path))) throw new IdentityRefused(`${path.join('.')} is not supported: ${why}`);
}

/** The body without these fields; none of them has a value left. */
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
