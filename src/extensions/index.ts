/**
 * Extensions: other people's modules in this server.
 *
 * Owns: finding and loading the modules that a configuration lists, refusing what is declared wrong, their migrations,
 *   schemas and databases, which routes are theirs, asking them whether they veto what is about to happen.
 * Does not own: the declaration (platform/extension), judging their sections (config), anything that they do.
 * May call: config, audit, identity.
 */
export { extensionModules, givenExtensions } from './extension-modules.js';
export { ExtensionsModule } from './extensions.module.js';
export { AdminController, Scope } from './guest-controllers.js';
export { GuestDatabase, InjectDatabase } from './guest-database.js';
export { guestRouteProblems } from './guest-routes.js';
export {
  BeforeCredentialChange,
  BeforeIssue,
  BeforeRedeem,
  BeforeSignIn,
  type Circumstances,
  type VetoListener,
} from './veto-listeners.js';
export { migrateExtensions, pendingExtensionMigrations } from './migrate-extensions.js';
