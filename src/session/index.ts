/**
 * Session: who is signed in, how they proved it, and for how long.
 *
 * Owns: sessions and their devices, session tokens, the session cookie; /sessions, /admin/sessions and
 * /admin/identities/{id}/sessions.
 * Does not own: identities, passwords, the flows that sign people in or recover accounts.
 * May call: identity, audit, config, platform.
 */
export { SessionModule } from './session.module.js';
export { SessionService } from './session.service.js';
export { SessionPurge } from './session.purge.js';
export { type ImportedSession, SessionBulk, type StoredImport } from './bulk/session-bulk.js';
export { SECOND_FACTOR_UNCHECKED, SecondFactorRequired, SessionMissing } from './session.errors.js';
export { lacksSecondFactor } from './session.aal.js';
export { presentSession } from './session.presenter.js';
export { SessionResponse } from './session.dto.js';
export { FollowCredential } from './steps/follow-credential.js';
export { newSessionToken } from './session.token.js';
export { cookiesAreSecure } from './session.cookie.js';
export type { SessionView } from './session.view.js';
