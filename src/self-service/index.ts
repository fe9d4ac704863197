/**
 * Self-service: what people do for themselves: sign in and out, change settings, read what went wrong.
 *
 * Owns: login and settings flows, social sign-in, logout, stored errors, the rule where `return_to` may lead.
 * Does not own: sessions, passwords, identities, recovery flows.
 * May call: identity (and its privileged exports), session, courier, audit, config, platform.
 */
export { SelfServiceModule } from './self-service.module.js';
export { ReturnToService } from './return-to.service.js';
export { ErrorsService } from './errors/errors.service.js';
export { ErrorsPurge } from './errors/errors.purge.js';
export { LoginService } from './login/login.service.js';
export { LoginPurge } from './login/login.purge.js';
export { LogoutService } from './logout/logout.service.js';
export { SocialProviders, SocialPurge, TokenSeal } from './social/index.js';
export {
  CancelHandOver,
  CREDENTIAL_CHANGED,
  type CredentialChangeListener,
  SettingsPurge,
  SettingsService,
  TellUnfinished,
} from './settings/index.js';
