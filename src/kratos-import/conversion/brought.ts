/** Credential types whose contents come. */
export const BROUGHT = ['password', 'oidc', 'code'] as const;
