/**
 * Recovery: gives an account back to its owner by link or code.
 *
 * Owns: recovery flows, recovery grants (issued links and codes), the confirmation before a link is redeemed.
 * Does not own: identities, sessions, the settings flow that follows, message delivery.
 * May call: identity, session, self-service, courier, audit, config.
 */
export { RecoveryModule } from './recovery.module.js';
export { RecoveryService } from './recovery.service.js';
export { presentCode, presentGrant, presentLink, presentRecoveryFlow } from './recovery.presenter.js';
export { type Handover } from './recovery.issuing.service.js';
export type { RecoveryFlowBody } from './recovery.dto.js';
export { RecoveryPurge } from './recovery.purge.js';
export { GrantStillWanted } from './still-wanted.js';
export { RevokeOnNewCredential } from './steps/credentials-changed.js';
export { type FollowOutcome, type ShownFlow, type SubmitOutcome } from './recovery.outcome.js';
export { type GrantView, type GrantState } from './steps/list-grants.js';
export { type IssuedLink } from './steps/issue-link.js';
export { type IssuedCode } from './steps/issue-code.js';
export { type Confirmation } from './steps/begin-confirmation.js';
export { type LinkParts } from './flow/link-parts.js';
