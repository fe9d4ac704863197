/**
 * Recovery: gives an account back to its owner by link or code.
 *
 * Owns: recovery flows, recovery grants (issued links and codes), the confirmation before a link is redeemed.
 * Does not own: identities, sessions, the settings flow that follows, message delivery.
 * May call: identity, session, self-service, courier, audit, config.
 *
 * Four services do the work: recovery.issuing (an administrator creates a link or code),
 * recovery.following (a person opens or confirms a link), recovery.forms (a person requests recovery),
 * recovery.submissions (a person submits an address or a code).
 */
export { RecoveryModule } from './recovery.module.js';
export { RecoveryFollowing } from './recovery.following.service.js';
export { RecoveryForms } from './recovery.forms.service.js';
export { RecoveryStandings } from './recovery.standings.service.js';
export { RESETTABLE } from './flow/consequences.js';
export { RecoveryLinkIncomplete } from './recovery.errors.js';
export { presentCode, presentGrant, presentLink, presentRecoveryFlow } from './recovery.presenter.js';
export { type Handover, RecoveryIssuing } from './recovery.issuing.service.js';
export { RecoveryPurge } from './recovery.purge.js';
export { GrantStillWanted } from './steps/still-wanted.js';
export { RevokeOnNewCredential } from './steps/revoke-on-new-credential.js';
export { type GrantView, type GrantState, ListGrants } from './steps/list-grants.js';
export { RevokeGrant } from './steps/revoke-grant.js';
