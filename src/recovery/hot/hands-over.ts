import { handOver } from '../../identity/sql.js';

/**
 * Statement part: hands the account to the new session and invalidates everything older. Refers to `live_` and
 * `session_`. The caller locks the identity's row, and has given `session_` the epoch `live_.access_epoch`.
 * @param where SQL: whether the redemption hands the account over
 * @param again the grant's hand-over continues in another session and keeps its deadline
 */
export function handsOver({ where, again }: { where: string; again: boolean }): string {
  return handOver({
    from: 'live_ JOIN session_ ON session_.identity_id = live_.identity_id',
    where,
    identityId: 'live_.identity_id',
    epoch: 'live_.access_epoch',
    sessionId: 'session_.id',
    ...(again ? {} : { opened: OPENED }),
  });
}

const OPENED = {
  grantId: 'live_.id',
  reset: 'live_.reset',
  sentTo: 'live_.sent_to',
  by: `CASE live_.purpose WHEN 'self_service' THEN 'self_service' ELSE 'admin' END`,
  at: 'session_.issued_at',
  until: `least(session_.expires_at, session_.issued_at + make_interval(secs => :hand_over_seconds::double precision))`,
};
