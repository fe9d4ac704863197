/** What each Nest module imports from others and lets others inject: asserted, so that a surface grows on purpose only. */
export const SURFACES: Record<string, { imports: string[]; exports: string[] }> = {
  health: {
    imports: [],
    exports: ['Readiness'],
  },
  audit: {
    imports: [],
    exports: ['AuditService'],
  },
  access: {
    imports: ['AuditModule'],
    exports: ['AccessTokenService'],
  },
  identity: {
    imports: ['AuditModule'],
    exports: ['IdentityService', 'Credentials', 'Passwords', 'PasswordPolicy'],
  },
  session: {
    imports: [],
    exports: ['SessionService', 'SessionPurge'],
  },
  'self-service': {
    imports: ['AuditModule', 'IdentityModule', 'SessionModule'],
    exports: [
      'ERROR_KEEPER',
      'ErrorsService',
      'ErrorsPurge',
      'LoginService',
      'LoginPurge',
      'LogoutService',
      'ReturnToService',
    ],
  },
  recovery: {
    imports: ['AuditModule', 'SessionModule', 'SelfServiceModule'],
    exports: ['RecoveryService', 'RecoveryPurge', 'RevokeOnNewCredential'],
  },
};
