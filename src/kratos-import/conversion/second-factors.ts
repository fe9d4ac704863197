import type { KratosCredential } from '../source/kratos-rows.js';

/** Credential types that Regain has a place for. */
export const BROUGHT = ['password', 'oidc', 'code'] as const;

export type Json = Readonly<Record<string, unknown>>;

export const jsonOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(jsonOf) : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Kratos makes a row for each type that the schema names, used or not: whether there is a secret in it. */
export function isInUse({ type, config }: KratosCredential): boolean {
  const json = jsonOf(config);
  switch (type) {
    case 'totp':
      return textOf(json['totp_url']) !== '';
    case 'lookup_secret':
      return listOf(json['recovery_codes']).length > 0;
    case 'webauthn':
    case 'passkey':
      return listOf(json['credentials']).length > 0;
    case 'saml':
      return listOf(json['providers']).length > 0;
    default:
      return Object.keys(json).length > 0;
  }
}

/** Whether the credential is a second factor by itself. A key that may stand alone (passwordless) is a first one. */
export function isSecondFactor(credential: KratosCredential): boolean {
  if (!isInUse(credential)) return false;
  if (credential.type === 'totp' || credential.type === 'lookup_secret') return true;
  const keys = credential.type === 'webauthn' ? listOf(jsonOf(credential.config)['credentials']) : [];
  return keys.some((key) => key['is_passwordless'] !== true);
}
