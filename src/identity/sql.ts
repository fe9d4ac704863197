/**
 * The third door of identity, for the statements of other modules: what they may read of its tables, and the parts that
 * read or write them. Every field and parameter is an SQL expression, never a value.
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
 * An expression that builds the JSON of the identity row `alias`, addresses included; `identityFromJson` reads it back.
 * Reads recovery_address, verifiable_address and, of a contained identity, recovery_grant by their index on identity_id.
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
  /** FROM item that the other expressions know */
  from: string;
  identityId: string;
  /** text: 'email' or 'sms' */
  via: string;
  /** text, normalised; of NULL there is nothing to confirm */
  normalized: string;
}

/** A statement part: who received something at an address has proved that it is theirs. Index: verifiable_address_identity. */
export function confirmAddresses({ from, identityId, via, normalized }: ConfirmedAddress): string {
  return `UPDATE verifiable_address SET verified = true, status = 'completed', verified_at = clock_timestamp(), updated_at = clock_timestamp()
    FROM ${from} WHERE verifiable_address.identity_id = ${identityId} AND verifiable_address.via = ${via}
      AND verifiable_address.normalized = ${normalized} AND NOT verifiable_address.verified`;
}

interface SessionsBefore {
  from: string;
  where: string;
  identityId: string;
  /** timestamptz: sessions that were issued earlier are good for nothing */
  moment: string;
}

/**
 * A statement part: no session of the identity from before that moment counts, also one that the statement cannot see yet.
 * The caller holds the identity's row FOR NO KEY UPDATE.
 */
export function endSessionsBefore({ from, where, identityId, moment }: SessionsBefore): string {
  return `UPDATE identity SET sessions_valid_from = greatest(identity.sessions_valid_from, ${moment})
    FROM ${from} WHERE (${where}) AND identity.id = ${identityId}`;
}

/**
 * A FROM item: the mailboxes that recovery can reach, as `id`, `identity_id`, `normalized`, `value`, `first_seen_at`, `suspended`, and
 * `works_from` (timestamptz; null: now). An address that a token brought waits for its age; one that a token replaced goes on.
 * @param where SQL about `address`, with the columns id, identity_id, normalized and value
 * @param minAge SQL: seconds of `regain.recovery.address_min_age`
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
 * A FROM item: who is told of what happens to an identity, as `value`, and `known`. Known to be the person's is what is verified, what the
 * identity has had for 30 days or since its creation, and what it had so long until it was removed in the last 30 days. Any other
 * address is told once (`address_history.told_at`): it may be a stranger's.
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
 * A condition on the identity row `identity`, which the statement holds: a proof that was checked at `epoch` may open the account.
 * Every statement that makes or confirms a session has it, or `admitsGrant`; a test finds those that have neither.
 * @param epoch SQL: `access_epoch` as it was read before the proof was checked; absent: there is no proof that could be too old
 */
export function admits(identity: string, epoch?: string): string {
  return `(${identity}.state = 'active' AND ${opensToOlder(identity)}${epoch === undefined ? '' : ` AND ${identity}.access_epoch = ${epoch}`})`;
}

/** A condition: neither is the account being handed over, nor is it contained. */
export function opensToOlder(identity: string): string {
  return `${identity}.contained_at IS NULL AND NOT ${handOverIsOpen(identity)}`;
}

/** A condition: a redemption handed the account over, and nothing has been set yet. */
export function handOverIsOpen(identity: string): string {
  return `coalesce(${identity}.hand_over_until > clock_timestamp(), false)`;
}

/**
 * A condition: a hand-over ended without a new credential, `seconds` ago at most. Sessions but the one it was for change nothing
 * that lets people in, and end no others.
 */
export function handOverWasAbandoned(identity: string, seconds: string): string {
  return `coalesce(${identity}.hand_over_until <= clock_timestamp()
    AND ${identity}.hand_over_until + make_interval(secs => ${seconds}::double precision) > clock_timestamp(), false)`;
}

/**
 * A condition on the identity row, which the statement holds, and the row `grant` of recovery_grant: the grant may open the account.
 * What the mailbox got does not take over from an administrator, and gets past a containment only where that leaves it the mailbox.
 */
export function admitsGrant(identity: string, grant: string): string {
  return `(${identity}.state = 'active'
      AND NOT (${grant}.purpose = 'self_service' AND ${identity}.hand_over_by = 'admin' AND ${handOverIsOpen(identity)})
      AND (${identity}.contained_at IS NULL OR ${grant}.created_at >= ${identity}.contained_at
        AND (${grant}.purpose <> 'self_service' OR ${identity}.containment = 'keep_mail')))`;
}

/**
 * A condition on an identity row that is contained: a link or code that an administrator issued still works for it.
 * Index: recovery_grant_identity.
 */
function hasLiveGrant(identity: string): string {
  return `EXISTS (SELECT FROM recovery_grant live_grant_ WHERE live_grant_.identity_id = ${identity}.id
      AND live_grant_.purpose <> 'self_service' AND live_grant_.created_at >= ${identity}.contained_at
      AND live_grant_.used_at IS NULL AND live_grant_.revoked_at IS NULL AND live_grant_.expires_at > clock_timestamp())`;
}

/** A condition on an identity row that is contained: no administrator's link or code works for it, and no recovery is under way. */
export function isStranded(identity: string): string {
  return `NOT ${handOverIsOpen(identity)} AND NOT ${hasLiveGrant(identity)}`;
}

/** Assignments of an UPDATE of identity: whatever was made or checked before is over. */
export const RAISE_EPOCH = 'access_epoch = identity.access_epoch + 1, access_epoch_from = clock_timestamp()';

/** Assignments of an UPDATE of identity: no hand-over is open, and none was given up. */
export const FORGET_HAND_OVER = `hand_over_session_id = NULL, hand_over_grant_id = NULL, hand_over_by = NULL, hand_over_sent_to = NULL,
    hand_over_opened_at = NULL, hand_over_until = NULL, hand_over_tried_at = NULL, hand_over_told_at = NULL, hand_over_reset = '{}'`;

/** Assignments of an UPDATE of identity: older credentials are not refused for good any more. */
export const LIFT_CONTAINMENT = 'contained_at = NULL, contained_by = NULL, containment = NULL';

interface HandOver {
  from: string;
  where: string;
  identityId: string;
  epoch: string;
  sessionId: string;
  /** absent: the hand-over goes on in another session, and its end stays */
  opened?: { grantId: string; reset: string; sentTo: string; by: string; at: string; until: string };
}

/** A statement part: the account is that session's from here on, and nothing older opens it. The caller holds the identity's row. */
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

/** A statement part: the hand-over ends without a new credential. The caller holds the identity's row. */
export function giveUpHandOver({ from, where, identityId }: Omit<HandOver, 'epoch' | 'sessionId' | 'opened'>): string {
  return `UPDATE identity SET hand_over_until = clock_timestamp() FROM ${from} WHERE identity.id = ${identityId} AND ${where}`;
}

/**
 * WITH parts, the last one called `name`: hand-overs that ended without a new credential, each once, as `id`, `traits`, `contained`,
 * `opened_at` and `session_id`. `statement_timestamp()`, because an index condition must not be volatile. An identity that is being
 * changed is skipped: the change may close the hand-over, and if it does not, the next run finds it again.
 * Index: identity_hand_over_untold.
 */
export function takeUnfinishedHandOvers({ name, limit }: { name: string; limit: string }): string {
  return `lapsed_ AS MATERIALIZED (
    SELECT id FROM identity WHERE hand_over_until <= statement_timestamp() AND hand_over_told_at IS NULL
    ORDER BY hand_over_until LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED),
  ${name} AS (
    UPDATE identity SET hand_over_told_at = clock_timestamp() FROM lapsed_ WHERE identity.id = lapsed_.id
    RETURNING identity.id, traits, contained_at IS NOT NULL AS contained, hand_over_opened_at AS opened_at, hand_over_session_id AS session_id)`;
}

/** A statement: somebody proved an older credential while the account was being handed over. */
export function noteOldProof(identityId: string): string {
  return `UPDATE identity SET hand_over_tried_at = clock_timestamp() WHERE id = ${identityId} AND ${handOverIsOpen('identity')}`;
}

interface Containing {
  from: string;
  identityId: string;
  /** text: 'all' or 'keep_mail' */
  mode: string;
}

/** A statement part: older credentials open the account no more, unless they do not already; returns `id`. */
export function contain({ from, identityId, mode, at, by }: Containing & { at: string; by: string }): string {
  return `UPDATE identity SET ${RAISE_EPOCH}, ${FORGET_HAND_OVER}, contained_at = ${at}, contained_by = ${by}, containment = ${mode}
    FROM ${from} WHERE identity.id = ${identityId} AND identity.contained_at IS NULL RETURNING identity.id`;
}

/** A statement part: a containment that left the mailbox its way in leaves none. */
export function tightenContainment({ from, identityId, mode, where }: Containing & { where: string }): string {
  return `UPDATE identity SET containment = 'all' FROM ${from}
    WHERE identity.id = ${identityId} AND identity.containment = 'keep_mail' AND ${mode} = 'all' AND ${where}`;
}

/** A statement part: the containment ends; where no hand-over is open (`open`), proofs under way end, too. The caller holds the identity's row. */
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

/** A statement part: these addresses have been told, and are not told again before they count as the person's. */
export function noteTold({
  from,
  where,
  identityId,
  value,
}: Omit<HandOver, 'epoch' | 'sessionId' | 'opened'> & { value: string }): string {
  return `UPDATE address_history SET told_at = clock_timestamp() FROM ${from}
    WHERE ${where} AND address_history.identity_id = ${identityId} AND address_history.value = ${value}`;
}

/** A condition: the current credential of the identity goes back to a link or code that self-service mailed. */
export function setByMailbox(identityId: string): string {
  return `(SELECT holder_.set_by_mailbox FROM identity holder_ WHERE holder_.id = ${identityId})`;
}
