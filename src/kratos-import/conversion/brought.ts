/** Credential types whose contents are imported. */
export const BROUGHT = ['password', 'oidc', 'code'] as const;
