/**
 * SQL of the identity module for other modules' statements: the columns they may read, and fragments that read or write
 * its tables. Every field and parameter is an SQL expression, never a value.
 */
import { readable } from '../platform/database/index.js';

export const identityRow = readable('identity', [
  'id',
  'state',
  'traits',
  'access_epoch',
  'available_aal',
  'sessions_valid_from',
  'contained_at',
  'containment',
  'hand_over_grant_id',
  'hand_over_session_id',
  'hand_over_until',
]);

export const recoveryAddressRow = readable('recovery_address', [
  'id',
  'identity_id',
  'via',
  'value',
  'normalized',
  'suspended_at',
  'updated_at',
]);

export const identifierRow = readable('credential_identifier', ['identity_id', 'type', 'normalized']);

/**
 * Expression: the identity row `alias` as JSON, with its addresses; `identityFromJson` reads it back. Reads
 * recovery_address, verifiable_address and, for a contained identity, recovery_grant by their index on identity_id.
 */
export function identityJson(alias: string): string {
  return `json_build_object(
    'id', ${alias}.id, 'schema_id', ${alias}.schema_id, 'state', ${alias}.state,
    'state_changed_at', ${alias}.state_changed_at, 'traits', ${alias}.traits,
    'metadata_public', ${alias}.metadata_public, 'metadata_admin', ${alias}.metadata_admin,
    'hand_over', CASE WHEN ${alias}.hand_over_until IS NOT NULL THEN json_build_object('open', ${handOverIsOpen(alias)},
      'grant_id', ${alias}.hand_over_grant_id, 'session_id', ${alias}.hand_over_session_id, 'by', ${alias}.hand_over_by,
      'opened_at', ${alias}.hand_over_opened_at, 'until', ${alias}.hand_over_until) END,
    'containment', CASE WHEN ${alias}.contained_at IS NOT NULL THEN json_build_object('mode', ${alias}.containment,
      'since', ${alias}.contained_at, 'grant_id', ${alias}.contained_by, 'live_grant', ${hasLiveGrant(alias)}) END,
    'external_id', ${alias}.external_id, 'available_aal', ${alias}.available_aal,
    'created_at', ${alias}.created_at, 'updated_at', ${alias}.updated_at,
    'recovery_addresses', COALESCE((
      SELECT json_agg(json_build_object('id', a.id, 'value', a.value, 'via', a.via,
        'created_at', a.created_at, 'updated_at', a.updated_at) ORDER BY a.created_at, a.id)
      FROM recovery_address a WHERE a.identity_id = ${alias}.id), '[]'),
    'verifiable_addresses', COALESCE((
      SELECT json_agg(json_build_object('id', a.id, 'value', a.value, 'via', a.via, 'verified', a.verified,
        'status', a.status, 'verified_at', a.verified_at,
        'created_at', a.created_at, 'updated_at', a.updated_at) ORDER BY a.created_at, a.id)
      FROM verifiable_address a WHERE a.identity_id = ${alias}.id), '[]'))`;
}

interface ConfirmedAddress {
  /** FROM item that the other expressions can refer to */
  from: string;
  identityId: string;
  /** text: 'email' or 'sms' */
  via: string;
  /** text, normalized; NULL confirms nothing */
  normalized: string;
}

/**
 * Statement part: marks an address as verified, because someone received a message there. Index:
 * verifiable_address_identity.
 */
export function confirmAddresses({ from, identityId, via, normalized }: ConfirmedAddress): string {
  return `UPDATE verifiable_address SET verified = true, status = 'completed', verified_at = clock_timestamp(), updated_at = clock_timestamp()
    FROM ${from} WHERE verifiable_address.identity_id = ${identityId} AND verifiable_address.via = ${via}
      AND verifiable_address.normalized = ${normalized} AND NOT verifiable_address.verified`;
}

interface SessionsBefore {
  from: string;
  where: string;
  identityId: string;
  /** timestamptz: sessions issued earlier stop working */
  moment: string;
}

/**
 * Statement part: invalidates all sessions of the identity issued before that moment, including any that the statement
 * can't see yet. The caller locks the identity's row FOR NO KEY UPDATE.
 */
export function endSessionsBefore({ from, where, identityId, moment }: SessionsBefore): string {
  return `UPDATE identity SET sessions_valid_from = greatest(identity.sessions_valid_from, ${moment})
    FROM ${from} WHERE (${where}) AND identity.id = ${identityId}`;
}

/**
 * FROM item: the mailboxes that recovery can reach, as `id`, `identity_id`, `normalized`, `value`, `first_seen_at`,
 * `suspended`, and `works_from` (timestamptz; null: now). An address that a token added must come of age first; an
 * address that a token replaced keeps working meanwhile.
 * @param where SQL condition on `address`, with the columns id, identity_id, normalized and value
 * @param minAge SQL: seconds of `regain.recovery.address_min_age`
 *
 * Index: the one that `where` uses; address_history_unique, address_history_kept.
 */
export function recoveryMailboxes(where: string, minAge: string): string {
  const since = `clock_timestamp() - make_interval(secs => ${minAge})`;
  return `(
      SELECT address.id, address.identity_id, address.normalized, address.value, address.created_at AS first_seen_at, address.suspended_at IS NOT NULL AS suspended,
        (SELECT h.young_since + make_interval(secs => ${minAge}) FROM address_history h
          WHERE h.identity_id = address.identity_id AND h.kind = 'recovery' AND h.via = 'email' AND h.value = address.value
            AND h.young_since > ${since}) AS works_from
      FROM recovery_address address WHERE address.via = 'email' AND (${where})
      UNION ALL
      SELECT address.id, address.identity_id, address.normalized, address.value, address.first_seen_at, false, NULL
      FROM address_history address
      WHERE address.kind = 'recovery' AND address.kept_since IS NOT NULL AND address.kept_since > ${since} AND (${where}))`;
}

/**
 * FROM item: the mailboxes to notify about an identity, as `value` and `known`. Known to be the person's are: verified
 * addresses; addresses that the identity has had for 30 days or since its creation; addresses that had reached that age
 * and were removed in the last 30 days. Any other address may be a stranger's, so it is notified only once
 * (`address_history.told_at`).
 */
export function toldMailboxesOf(identityId: string): string {
  const month = `clock_timestamp() - interval '30 days'`;
  return `(SELECT value, bool_or(known) AS known FROM (
      SELECT a.value, a.verified OR h.added_at IS NULL OR h.added_at <= ${month} AS known, h.told_at
      FROM (
        SELECT 'recovery' AS kind, value, false AS verified FROM recovery_address WHERE identity_id = ${identityId} AND via = 'email'
        UNION ALL
        SELECT 'verifiable', value, verified FROM verifiable_address WHERE identity_id = ${identityId} AND via = 'email') AS a
        LEFT JOIN address_history h ON h.identity_id = ${identityId} AND h.kind = a.kind AND h.via = 'email' AND h.value = a.value
          AND h.removed_at IS NULL
      UNION ALL
      SELECT value, true, NULL FROM address_history
      WHERE identity_id = ${identityId} AND via = 'email' AND removed_at > ${month} AND (added_at IS NULL OR added_at <= ${month})) AS addresses
    GROUP BY value HAVING bool_or(known) OR count(told_at) = 0)`;
}

/**
 * Condition on the identity row `identity`, which the statement locks: a proof that was checked at `epoch` may open the
 * account. Every statement that creates or confirms a session needs this or `admitsGrant`; a test finds statements with
 * neither.
 * @param epoch SQL: `access_epoch` as read before the proof was checked; absent: no proof that could be outdated
 */
export function admits(identity: string, epoch?: string): string {
  return `(${identity}.state = 'active' AND ${opensToOlder(identity)}${epoch === undefined ? '' : ` AND ${identity}.access_epoch = ${epoch}`})`;
}

/** Condition: the account is neither contained nor being handed over. */
export function opensToOlder(identity: string): string {
  return `${identity}.contained_at IS NULL AND NOT ${handOverIsOpen(identity)}`;
}

/** Condition: a redemption handed the account over, and no credential has been set since. */
export function handOverIsOpen(identity: string): string {
  return `coalesce(${identity}.hand_over_until > clock_timestamp(), false)`;
}

/**
 * Condition: a hand-over ended without a new credential at most `seconds` ago. Until then, only its own session can
 * change credentials or end other sessions.
 */
export function handOverWasAbandoned(identity: string, seconds: string): string {
  return `coalesce(${identity}.hand_over_until <= clock_timestamp()
    AND ${identity}.hand_over_until + make_interval(secs => ${seconds}::double precision) > clock_timestamp(), false)`;
}

/**
 * Condition on the identity row, which the statement locks, and the row `grant` of recovery_grant: the grant may open
 * the account. A self-service grant can't take over a hand-over that an administrator opened, and passes a containment
 * only if that allows self-service recovery.
 */
export function admitsGrant(identity: string, grant: string): string {
  return `(${identity}.state = 'active'
      AND NOT (${grant}.purpose = 'self_service' AND ${identity}.hand_over_by = 'admin' AND ${handOverIsOpen(identity)})
      AND (${identity}.contained_at IS NULL OR ${grant}.created_at >= ${identity}.contained_at
        AND (${grant}.purpose <> 'self_service' OR ${identity}.containment = 'keep_mail')))`;
}

/**
 * Condition on a contained identity's row: a link or code that an administrator issued still works for it. Index:
 * recovery_grant_identity.
 */
function hasLiveGrant(identity: string): string {
  return `EXISTS (SELECT FROM recovery_grant live_grant_ WHERE live_grant_.identity_id = ${identity}.id
      AND live_grant_.purpose <> 'self_service' AND live_grant_.created_at >= ${identity}.contained_at
      AND live_grant_.used_at IS NULL AND live_grant_.revoked_at IS NULL AND live_grant_.expires_at > clock_timestamp())`;
}

/**
 * Condition on a contained identity's row: no administrator's link or code works for it, and no recovery is in
 * progress.
 */
export function isStranded(identity: string): string {
  return `NOT ${handOverIsOpen(identity)} AND NOT ${hasLiveGrant(identity)}`;
}

/** Assignments for an UPDATE of identity: invalidates everything issued or checked before. */
export const RAISE_EPOCH = 'access_epoch = identity.access_epoch + 1, access_epoch_from = clock_timestamp()';

/** Assignments for an UPDATE of identity: clears an open or abandoned hand-over. */
export const FORGET_HAND_OVER = `hand_over_session_id = NULL, hand_over_grant_id = NULL, hand_over_by = NULL, hand_over_sent_to = NULL,
    hand_over_opened_at = NULL, hand_over_until = NULL, hand_over_tried_at = NULL, hand_over_told_at = NULL, hand_over_reset = '{}'`;

/** Assignments for an UPDATE of identity: ends the containment. */
export const LIFT_CONTAINMENT = 'contained_at = NULL, contained_by = NULL, containment = NULL';

interface HandOver {
  from: string;
  where: string;
  identityId: string;
  epoch: string;
  sessionId: string;
  /** absent: the hand-over continues in another session and keeps its deadline */
  opened?: { grantId: string; reset: string; sentTo: string; by: string; at: string; until: string };
}

/**
 * Statement part: hands the account to that session, and invalidates everything older. The caller locks the identity's
 * row.
 */
export function handOver({ from, where, identityId, epoch, sessionId, opened }: HandOver): string {
  const first =
    opened &&
    `, hand_over_grant_id = ${opened.grantId}, hand_over_reset = ${opened.reset}, hand_over_sent_to = ${opened.sentTo},
      hand_over_by = ${opened.by}, hand_over_opened_at = ${opened.at}, hand_over_tried_at = NULL, hand_over_told_at = NULL,
      hand_over_until = ${opened.until}`;
  return `UPDATE identity SET access_epoch = ${epoch}, access_epoch_from = clock_timestamp(),
      hand_over_session_id = ${sessionId} ${first ?? ''}
    FROM ${from} WHERE identity.id = ${identityId} AND ${where}`;
}

/** Statement part: ends the hand-over without a new credential. The caller locks the identity's row. */
export function giveUpHandOver({ from, where, identityId }: Omit<HandOver, 'epoch' | 'sessionId' | 'opened'>): string {
  return `UPDATE identity SET hand_over_until = clock_timestamp() FROM ${from} WHERE identity.id = ${identityId} AND ${where}`;
}

/**
 * WITH parts, the last one called `name`: hand-overs that ended without a new credential, each once, as `id`, `traits`,
 * `contained`, `opened_at` and `session_id`. Uses `statement_timestamp()`, because an index condition must not be
 * volatile. Skips an identity that is being changed, because the change may close the hand-over; if it does not, the
 * next run finds it again. Index: identity_hand_over_untold.
 */
export function takeUnfinishedHandOvers({ name, limit }: { name: string; limit: string }): string {
  return `lapsed_ AS MATERIALIZED (
    SELECT id FROM identity WHERE hand_over_until <= statement_timestamp() AND hand_over_told_at IS NULL
    ORDER BY hand_over_until LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED),
  ${name} AS (
    UPDATE identity SET hand_over_told_at = clock_timestamp() FROM lapsed_ WHERE identity.id = lapsed_.id
    RETURNING identity.id, traits, contained_at IS NOT NULL AS contained, hand_over_opened_at AS opened_at, hand_over_session_id AS session_id)`;
}

/** Statement: records that someone proved an older credential during the hand-over. */
export function noteOldProof(identityId: string): string {
  return `UPDATE identity SET hand_over_tried_at = clock_timestamp() WHERE id = ${identityId} AND ${handOverIsOpen('identity')}`;
}

interface Containing {
  from: string;
  identityId: string;
  /** text: 'all' or 'keep_mail' */
  mode: string;
}

/**
 * Statement part: contains the account, so that older credentials stop working, unless it is already contained; returns
 * `id`.
 */
export function contain({ from, identityId, mode, at, by }: Containing & { at: string; by: string }): string {
  return `UPDATE identity SET ${RAISE_EPOCH}, ${FORGET_HAND_OVER}, contained_at = ${at}, contained_by = ${by}, containment = ${mode}
    FROM ${from} WHERE identity.id = ${identityId} AND identity.contained_at IS NULL RETURNING identity.id`;
}

/** Statement part: tightens a containment from `keep_mail` to `all`. */
export function tightenContainment({ from, identityId, mode, where }: Containing & { where: string }): string {
  return `UPDATE identity SET containment = 'all' FROM ${from}
    WHERE identity.id = ${identityId} AND identity.containment = 'keep_mail' AND ${mode} = 'all' AND ${where}`;
}

/**
 * Statement part: ends the containment. If no hand-over is open (`open`), proofs in progress end too. The caller locks
 * the identity's row.
 */
export function liftContainment({
  from,
  where,
  identityId,
  open,
}: Omit<HandOver, 'epoch' | 'sessionId'> & { open: string }): string {
  return `UPDATE identity SET ${LIFT_CONTAINMENT}, access_epoch = identity.access_epoch + (NOT ${open})::integer,
      access_epoch_from = CASE WHEN ${open} THEN identity.access_epoch_from ELSE clock_timestamp() END
    FROM ${from} WHERE identity.id = ${identityId} AND ${where}`;
}

/**
 * Statement part: marks these addresses as notified, so that they get nothing more until they count as the person's.
 */
export function noteTold({
  from,
  where,
  identityId,
  value,
}: Omit<HandOver, 'epoch' | 'sessionId' | 'opened'> & { value: string }): string {
  return `UPDATE address_history SET told_at = clock_timestamp() FROM ${from}
    WHERE ${where} AND address_history.identity_id = ${identityId} AND address_history.value = ${value}`;
}

/** Condition: the identity's current credential goes back to a link or code mailed by self-service. */
export function setByMailbox(identityId: string): string {
  return `(SELECT holder_.set_by_mailbox FROM identity holder_ WHERE holder_.id = ${identityId})`;
}
