import { handOverIsOpen } from '../../../identity/sql.js';

/**
 * HOT: decides between giving up and setting a credential: both wait for the identity's row.
 * Values: session or null (twice), identity. Gives one row for an identity that is there, empty where nothing was given up.
 * Index: identity_pkey.
 * Guarded by: test/e2e/containment.spec.ts
 */
export const CANCEL_HAND_OVER = `
  WITH identity_ AS MATERIALIZED (
    SELECT id, hand_over_session_id, hand_over_grant_id,
      ${handOverIsOpen('identity')} AND (?::uuid IS NULL OR hand_over_session_id = ?::uuid) AS open
    FROM identity WHERE id = ? FOR NO KEY UPDATE),
  given_up_ AS (
    UPDATE identity SET hand_over_until = clock_timestamp() FROM identity_ WHERE identity.id = identity_.id AND identity_.open)
  SELECT CASE WHEN open THEN hand_over_session_id END AS session, CASE WHEN open THEN hand_over_grant_id END AS grant FROM identity_`;
