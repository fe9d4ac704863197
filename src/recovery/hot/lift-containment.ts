import { handOverIsOpen, identityRow, liftContainment } from '../../identity/sql.js';

const identity = identityRow();

/**
 * HOT: decides between lifting a containment and proofs under way: what was checked before opens nothing after it. Where a hand-over
 * is open its session goes on, and nothing older opens the account anyway.
 * Values: identity. Gives one row for an identity that is there.
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
