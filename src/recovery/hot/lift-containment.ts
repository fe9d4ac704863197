import { handOverIsOpen, identityRow, liftContainment } from '../../identity/sql.js';

const identity = identityRow();

/**
 * HOT: decides between lifting a containment and proofs in progress: a proof that was checked before the lift no longer
 * opens the account. If a hand-over is open, its session continues; older proofs can't open the account anyway.
 * Values: identity.
 * Returns one row if the identity exists.
 * Index: identity_pkey.
 * Guarded by: test/e2e/containment.spec.ts
 */
export const LIFT = `
  WITH identity_ AS MATERIALIZED (
    SELECT ${identity.id}, ${identity.contained_at} IS NOT NULL AS contained, ${handOverIsOpen(identity.alias)} AS open
    FROM ${identity.from} WHERE ${identity.id} = ? FOR NO KEY UPDATE),
  lifted_ AS (${liftContainment({
    from: 'identity_',
    where: 'identity_.contained',
    identityId: 'identity_.id',
    open: 'identity_.open',
  })})
  SELECT contained FROM identity_`;
