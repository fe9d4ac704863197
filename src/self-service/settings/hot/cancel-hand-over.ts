import { giveUpHandOver, handOverIsOpen, identityRow } from '../../../identity/sql.js';

const identity = identityRow();

/**
 * HOT: decides between cancelling a hand-over and setting a credential; both lock the identity's row.
 * Values: session or null (twice), identity.
 * Returns one row if the identity exists, empty if nothing was cancelled.
 * Index: identity_pkey.
 * Guarded by: test/e2e/containment.spec.ts
 */
export const CANCEL_HAND_OVER = `
  WITH identity_ AS MATERIALIZED (
    SELECT ${identity.id}, ${identity.hand_over_session_id}, ${identity.hand_over_grant_id},
      ${handOverIsOpen(identity.alias)} AND (?::uuid IS NULL OR ${identity.hand_over_session_id} = ?::uuid) AS open
    FROM ${identity.from} WHERE ${identity.id} = ? FOR NO KEY UPDATE),
  given_up_ AS (${giveUpHandOver({ from: 'identity_', where: 'identity_.open', identityId: 'identity_.id' })})
  SELECT CASE WHEN open THEN hand_over_session_id END AS session, CASE WHEN open THEN hand_over_grant_id END AS grant FROM identity_`;
