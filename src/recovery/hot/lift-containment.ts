import { handOverIsOpen, LIFT_CONTAINMENT } from '../../identity/sql.js';

/**
 * HOT: decides between lifting a containment and proofs under way: what was checked before opens nothing after it. Where a hand-over
 * is open its session goes on, and nothing older opens the account anyway.
 * Values: identity. Gives one row for an identity that is there.
 * Index: identity_pkey.
 * Guarded by: test/e2e/containment.spec.ts
 */
export const LIFT = `
  WITH identity_ AS MATERIALIZED (
    SELECT id, contained_at IS NOT NULL AS contained, ${handOverIsOpen('identity')} AS open FROM identity WHERE id = ? FOR NO KEY UPDATE),
  lifted_ AS (
    UPDATE identity SET ${LIFT_CONTAINMENT}, access_epoch = access_epoch + (NOT identity_.open)::integer,
      access_epoch_from = CASE WHEN identity_.open THEN access_epoch_from ELSE clock_timestamp() END
    FROM identity_ WHERE identity.id = identity_.id AND identity_.contained)
  SELECT contained FROM identity_`;
