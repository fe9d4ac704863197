import { setByMailbox } from '../../identity/sql.js';

/**
 * HOT: revokes what a new credential or address ends, within the transaction that writes it.
 * Invariant: administrators' grants stay if the current credential goes back to a mailed grant. Someone who only has the mailbox
 * must not keep an administrator from giving the account back.
 * Values: identity.
 * Index: recovery_grant_identity, identity_pkey.
 * Guarded by: test/e2e/hand-over.spec.ts
 */
export const REVOKE_UNUSED = `
  UPDATE recovery_grant SET revoked_at = clock_timestamp()
  WHERE identity_id = ? AND used_at IS NULL AND revoked_at IS NULL
    AND (purpose = 'self_service' OR NOT ${setByMailbox('recovery_grant.identity_id')}) RETURNING 1 AS one`;
