/** The imports and exports of each Nest module. A test compares them, so that a surface only grows on purpose. */
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
    exports: ['Outbox', 'Notices', 'CourierPurge', 'MessageText'],
  },
  identity: {
    imports: ['AuditModule', 'CourierModule'],
    exports: [
      'IdentityService',
      'Credentials',
      'Connections',
      'NewCredential',
      'HandOvers',
      'SuspendedWays',
      'KeepSuspended',
      'SuspendedRemoval',
      'TellOwner',
      'IdentityPurge',
      'WarnContained',
      'Passwords',
      'VerificationFloor',
      'PasswordPolicy',
      'IdentityBulk',
      'ImportedPasswords',
    ],
  },
  session: {
    imports: ['AuditModule', 'IdentityModule'],
    exports: ['FollowCredential', 'SessionService', 'SessionPurge', 'SessionBulk'],
  },
  'self-service': {
    imports: ['AuditModule', 'CourierModule', 'IdentityModule', 'SessionModule'],
    exports: [
      'CancelHandOver',
      'ERROR_KEEPER',
      'ErrorsService',
      'ErrorsPurge',
      'LoginService',
      'LoginPurge',
      'LogoutService',
      'SettingsService',
      'SettingsPurge',
      'SocialProviders',
      'SocialPurge',
      'TellUnfinished',
      'TokenSeal',
      'ReturnToService',
    ],
  },
  recovery: {
    imports: ['AuditModule', 'CourierModule', 'SessionModule', 'SelfServiceModule'],
    exports: ['RecoveryService', 'RecoveryStandings', 'RecoveryPurge', 'RevokeOnNewCredential', 'GrantStillWanted'],
  },
  'kratos-import': {
    imports: ['AuditModule', 'IdentityModule', 'SessionModule'],
    exports: ['KratosImportService'],
  },
  pages: {
    imports: ['IdentityModule', 'RecoveryModule', 'SelfServiceModule', 'SessionModule'],
    exports: ['REFUSAL_PAGE'],
  },
};
