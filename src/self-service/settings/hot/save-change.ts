import { identityRow } from '../../../identity/sql.js';
import { isLive, sessionRow } from '../../../session/sql.js';

const identity = identityRow('i');
const session = sessionRow('s');
const OF_THIS_EPOCH = `f.access_epoch = coalesce(?::integer, ${identity.access_epoch})`;

const saveChange = (open: string): string => `
  WITH state_ AS MATERIALIZED (
    SELECT f.id, ${identity.access_epoch}, f.expires_at > clock_timestamp() AND ${open} AS open, ${session.id} IS NOT NULL AS signed_in,
      coalesce(${session.authenticated_at} + make_interval(secs => ?::float8) > clock_timestamp(), false) AS privileged
    FROM settings_flow f
      JOIN ${identity.from} ON ${identity.id} = f.identity_id
      LEFT JOIN ${session.from} ON ${session.id} = ? AND ${session.identity_id} = ${identity.id}
        AND ${isLive(session.alias, identity.alias)}
    WHERE f.id = ?),
  saved_ AS (
    UPDATE settings_flow SET state = 'success', messages = ?::jsonb, node_messages = '{}', submitted = '{}', access_epoch = state_.access_epoch
    FROM state_ WHERE settings_flow.id = state_.id AND state_.open AND state_.signed_in AND (state_.privileged OR NOT ?::boolean))
  SELECT open, signed_in, privileged FROM state_`;

/**
 * HOT: every change that people make to their own identity ends here, within its transaction. One statement checks flow
 * and session by the database's clock, and marks the form as saved if they are valid.
 * Values: (for `ageing`: the epoch before a new credential, or null,) seconds of the privileged window, session, flow,
 * messages, whether the change needs a privileged session.
 * `ageless`: if recoveries hand nothing over, forms stay valid after a credential change.
 * Index: primary keys.
 * Guarded by: test/e2e/settings-race.spec.ts
 */
export const SAVE_CHANGE = { ageing: saveChange(OF_THIS_EPOCH), ageless: saveChange('true') };

const own = sessionRow();

/** Whether a session is privileged. Values: session, seconds of the privileged window. Index: session_pkey. */
export const PRIVILEGED = `
  SELECT 1 AS one FROM ${own.from}
  WHERE ${own.id} = ? AND ${own.authenticated_at} + make_interval(secs => ?::float8) > clock_timestamp()`;
