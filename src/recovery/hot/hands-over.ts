/**
 * A statement part: the account is the new session's from here on, and nothing older opens it. Knows `live_` and `session_`.
 * The caller holds the identity's row, and has given `session_` the epoch `live_.access_epoch`.
 * @param where SQL: whether the redemption hands the account over
 * @param again the hand-over of this grant goes on in another session; its end stays
 */
export function handsOver({ where, again }: { where: string; again: boolean }): string {
  return `UPDATE identity SET access_epoch = live_.access_epoch, access_epoch_from = clock_timestamp(),
      hand_over_session_id = session_.id ${again ? '' : `, ${OPENED}`}
    FROM live_ JOIN session_ ON session_.identity_id = live_.identity_id
    WHERE identity.id = live_.identity_id AND ${where}`;
}

const OPENED = `hand_over_grant_id = live_.id, hand_over_reset = live_.reset, hand_over_sent_to = live_.sent_to,
      hand_over_by = CASE live_.purpose WHEN 'self_service' THEN 'self_service' ELSE 'admin' END,
      hand_over_opened_at = session_.issued_at, hand_over_tried_at = NULL, hand_over_told_at = NULL,
      hand_over_until = least(session_.expires_at, session_.issued_at + make_interval(secs => :hand_over_seconds::double precision))`;
