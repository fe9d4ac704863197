/**
 * regain: what extensions may build on. Everything here follows semantic versioning; nothing else of the package can be
 * imported. docs/extending.md shows how to use it, test/extension/public-surface.spec.ts pins it.
 */
export {
  defineExtension,
  type Extension,
  type ExtensionMigration,
  type ExtensionOptions,
} from './platform/extension/index.js';
export {
  AdminController,
  BeforeCredentialChange,
  BeforeIssue,
  BeforeRedeem,
  BeforeSignIn,
  type Circumstances,
  GuestDatabase,
  InjectDatabase,
  Scope,
  type VetoListener,
} from './extensions/index.js';
export {
  type CredentialIntent,
  type Intents,
  type IssueIntent,
  type RedeemIntent,
  type SignInIntent,
  type Veto,
} from './platform/vetoes/index.js';
export { type IdentityView } from './identity/index.js';
export { type Actor, Answer, CurrentRequest, IdParam, JsonBody, PublicController } from './platform/http/index.js';
export { BadRequest, Conflict, DomainError, Forbidden, NotFound, Unavailable } from './platform/errors/index.js';
export { Clock } from './platform/clock/index.js';
export { Random } from './platform/random/index.js';
export { defineEntity, type InferEntity, p } from '@mikro-orm/core';
