/**
 * Self-service: what a person does for themselves: signing in and out, settings, and the page that explains an error.
 *
 * Owns: login and settings flows, social sign-in, logout, kept errors, which addresses `return_to` may lead to.
 * Does not own: sessions, passwords, identities, recovery flows.
 * May call: identity (and its privileged door), session, courier, audit, config, platform.
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
