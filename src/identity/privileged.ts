/**
 * Identity's privileged exports: credentials, and the passwords behind them.
 *
 * Code with access to these can let people in, so only self-service (login and settings), kratos-import and cli may
 * import them.
 */
export { IdentityBulk } from './bulk/identity-bulk.js';
export { type HashFate, ImportedPasswords } from './bulk/imported-passwords.js';
export {
  type Claim,
  claimsOf,
  type StoredAddress,
  type StoredCredential,
  type StoredIdentifier,
  type StoredIdentity,
  type StoredVerifiableAddress,
} from './bulk/stored-identity.js';
export { identifierOf, type StoredConnection } from './credentials/connection.js';
export { Connections } from './credentials/connections.js';
export { Credentials } from './credentials/credentials.js';
export { HandOvers } from './credentials/hand-overs.js';
export { type FirstCredential } from './credentials/credential-listener.js';
export { SuspendedWays } from './credentials/suspended-ways.js';
export { KeepSuspended } from './steps/keep-suspended.js';
export { SuspendedRemoval } from './suspended.removal.service.js';
export { NewCredential } from './credentials/new-credential.js';
export { isSecondFactor, SECOND_FACTORS } from './credentials/second-factors.js';
export { Passwords } from './passwords/passwords.js';
export { VerificationFloor } from './passwords/verification-floor.js';
export { PasswordPolicy } from './passwords/password-policy.js';
export { PasswordUnusable } from './identity.errors.js';
export { TellOwner } from './owner/tell-owner.js';
