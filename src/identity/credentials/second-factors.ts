/** Credential types that are a second factor. Nothing here can check one: their rows only say that the person had it. */
export const SECOND_FACTORS = ['totp', 'lookup_secret', 'webauthn'] as const;

export const isSecondFactor = (type: string): boolean => SECOND_FACTORS.some((factor) => factor === type);

/** An SQL condition: the identity (an expression of its id) has no second factor. Index: identity_credential_type_unique. */
export function hasNoSecondFactor(identityId: string): string {
  const types = SECOND_FACTORS.map((type) => `'${type}'`).join(', ');
  return `NOT EXISTS (
    SELECT FROM identity_credential factor WHERE factor.identity_id = ${identityId} AND factor.type IN (${types}))`;
}
