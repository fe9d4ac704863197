/**
 * Credential types that are second factors. Regain can't check any of them: their rows only record that the person has
 * one.
 */
export const SECOND_FACTORS = ['totp', 'lookup_secret', 'webauthn'] as const;

export const isSecondFactor = (type: string): boolean => SECOND_FACTORS.some((factor) => factor === type);

/**
 * SQL condition: the identity (`identityId` is an expression) has no second factor. Index:
 * identity_credential_type_unique.
 */
export function hasNoSecondFactor(identityId: string): string {
  const types = SECOND_FACTORS.map((type) => `'${type}'`).join(', ');
  return `NOT EXISTS (
    SELECT FROM identity_credential factor WHERE factor.identity_id = ${identityId} AND factor.type IN (${types}))`;
}
