import { giveUpHandOver, handOverIsOpen, identityRow } from '../../../identity/sql.js';

const identity = identityRow();

/**
 * HOT: decides between giving up and setting a credential: both wait for the identity's row.
 * Values: session or null (twice), identity. Gives one row for an identity that is there, empty where nothing was given up.
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
