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
  courier: {
    imports: [],
    exports: ['Outbox', 'CourierPurge'],
  },
  identity: {
    imports: ['AuditModule'],
    exports: ['IdentityService', 'Credentials', 'Passwords', 'PasswordPolicy'],
  },
  session: {
    imports: ['AuditModule', 'IdentityModule'],
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
      'SettingsService',
      'SettingsPurge',
      'ReturnToService',
    ],
  },
  recovery: {
    imports: ['AuditModule', 'CourierModule', 'SessionModule', 'SelfServiceModule'],
    exports: ['RecoveryService', 'RecoveryPurge', 'RevokeOnNewCredential'],
  },
  pages: {
    imports: ['RecoveryModule', 'SelfServiceModule', 'SessionModule'],
    exports: [],
  },
};
