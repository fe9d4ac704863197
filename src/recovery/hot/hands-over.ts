import { handOver } from '../../identity/sql.js';

/**
 * A statement part: the account is the new session's from here on, and nothing older opens it. Knows `live_` and `session_`.
 * The caller holds the identity's row, and has given `session_` the epoch `live_.access_epoch`.
 * @param where SQL: whether the redemption hands the account over
 * @param again the hand-over of this grant goes on in another session; its end stays
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
