import { isLive } from '../../../session/sql.js';

const OF_THIS_EPOCH = 'f.access_epoch = coalesce(?::integer, i.access_epoch)';

const saveChange = (open: string): string => `
  WITH state_ AS MATERIALIZED (
    SELECT f.id, i.access_epoch, f.expires_at > clock_timestamp() AND ${open} AS open, s.id IS NOT NULL AS signed_in,
      coalesce(s.authenticated_at + make_interval(secs => ?::float8) > clock_timestamp(), false) AS privileged
    FROM settings_flow f
      JOIN identity i ON i.id = f.identity_id
      LEFT JOIN session s ON s.id = ? AND s.identity_id = i.id AND ${isLive('s', 'i')}
    WHERE f.id = ?),
  saved_ AS (
    UPDATE settings_flow SET state = 'success', messages = ?::jsonb, node_messages = '{}', submitted = '{}', access_epoch = state_.access_epoch
    FROM state_ WHERE settings_flow.id = state_.id AND state_.open AND state_.signed_in AND (state_.privileged OR NOT ?::boolean))
  SELECT open, signed_in, privileged FROM state_`;

/**
 * HOT: every change of an identity by its owner ends here, within the transaction of the change.
 * Judges flow and session by the database's clock, and marks the form as saved if they are good: one statement.
 * Values: (of `ageing`: the epoch before a new credential, or null,) seconds of the privileged window, session, flow, messages,
 * whether the change needs a privileged session.
 * `ageless`: where a recovery hands nothing over, forms outlive a new credential.
 * Index: primary keys.
 * Guarded by: test/e2e/settings-race.spec.ts
 */
export const SAVE_CHANGE = { ageing: saveChange(OF_THIS_EPOCH), ageless: saveChange('true') };
