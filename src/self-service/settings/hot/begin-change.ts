import { handOverIsOpen, handOverWasAbandoned, identityRow } from '../../../identity/sql.js';

const identity = identityRow();

/**
 * HOT: every change that people make to their own identity begins here. It waits for other changes of this identity and
 * reads the result.
 * Values: session, seconds for which an abandoned hand-over restricts others (twice), identity.
 * Index: identity_pkey.
 * Guarded by: test/e2e/settings-race.spec.ts
 */
export const BEGIN_CHANGE = `
  SELECT ${handOverIsOpen(identity.alias)} AS open, coalesce(${identity.hand_over_session_id} = ?::uuid, false) AS own,
    ${handOverWasAbandoned(identity.alias, '?')} AS abandoned,
    ceil(extract(epoch FROM ${identity.hand_over_until} + make_interval(secs => ?::float8) - clock_timestamp()) / 60)::integer AS minutes
  FROM ${identity.from} WHERE ${identity.id} = ? FOR NO KEY UPDATE`;
