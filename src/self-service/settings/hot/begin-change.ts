import { handOverIsOpen, handOverWasAbandoned } from '../../../identity/sql.js';

/**
 * HOT: every change of an identity by its owner begins here: it waits for others of this identity, and sees what became of it.
 * Values: session, seconds for which a hand-over that was given up restricts others (twice), identity.
 * Index: identity_pkey.
 * Guarded by: test/e2e/settings-race.spec.ts
 */
export const BEGIN_CHANGE = `
  SELECT ${handOverIsOpen('identity')} AS open, coalesce(hand_over_session_id = ?::uuid, false) AS own,
    ${handOverWasAbandoned('identity', '?')} AS abandoned,
    ceil(extract(epoch FROM hand_over_until + make_interval(secs => ?::float8) - clock_timestamp()) / 60)::integer AS minutes
  FROM identity WHERE id = ? FOR NO KEY UPDATE`;
