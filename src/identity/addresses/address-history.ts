import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { execute } from '../persistence/execute.js';
import type { AddressDiff, ListedAddress } from './address-diff.js';

/**
 * Who changes addresses. `token` may not write credentials, so the addresses it adds must come of age. `trusted` may:
 * the person in a privileged session, a token with `credentials:write`, an operator. `undo` is an older address that
 * reverts a token's change.
 */
export type ChangedBy = 'token' | 'trusted' | 'undo';

const COLUMNS = 'kind text, via text, value text, mailbox text, normalized text';
/** How long a removed address keeps its age. */
const REMEMBERED = `interval '30 days'`;
const RECENT = `h.removed_at > clock_timestamp() - ${REMEMBERED}`;

/**
 * Values: identity, by whom, seconds of address_min_age, addresses. An address that has not come of age, or was
 * suspended, does not keep working. An address that was suspended, or removed by someone who may, starts at age zero if a
 * token adds it again.
 */
const REMOVED = `
  INSERT INTO address_history AS h (id, identity_id, kind, via, mailbox, normalized, value, first_seen_at, removed_at, young_since, kept_since)
  SELECT gen_random_uuid(), given_.identity_id, n.kind, n.via, n.mailbox, n.normalized, n.value, identity.created_at, clock_timestamp(),
    CASE WHEN n.kind = 'recovery' AND (suspended OR given_.by = 'trusted') THEN clock_timestamp() END,
    CASE WHEN given_.by = 'token' AND given_.min_age > 0 AND n.kind = 'recovery' AND n.via = 'email' AND NOT suspended THEN clock_timestamp() END
  FROM (SELECT ?::uuid AS identity_id, ?::text AS by, ?::float8 AS min_age) AS given_
    JOIN identity ON identity.id = given_.identity_id, jsonb_to_recordset(?::jsonb) AS n(${COLUMNS}),
    LATERAL (SELECT EXISTS (SELECT FROM recovery_address a WHERE a.identity_id = given_.identity_id AND a.value = n.value
      AND a.suspended_at IS NOT NULL) AS suspended) AS state_
  ON CONFLICT (identity_id, kind, via, mailbox) DO UPDATE SET value = excluded.value, normalized = excluded.normalized,
    removed_at = excluded.removed_at,
    young_since = CASE WHEN ?::text = 'undo' OR excluded.young_since IS NOT NULL THEN excluded.removed_at ELSE h.young_since END,
    kept_since = CASE WHEN h.young_since > clock_timestamp() - make_interval(secs => ?::float8) THEN NULL ELSE excluded.kept_since END`;

/**
 * Values: identity, by whom, addresses, by whom. An address that a token removed and that returns within 30 days has the
 * age it had when it was removed. The time in between does not count; otherwise an attacker's address could come of age while it is removed.
 */
const ADDED = `
  INSERT INTO address_history AS h (id, identity_id, kind, via, mailbox, normalized, value, first_seen_at, added_at, young_since)
  SELECT gen_random_uuid(), ?::uuid, n.kind, n.via, n.mailbox, n.normalized, n.value, now_, now_, CASE WHEN ?::text = 'token' THEN now_ END
  FROM jsonb_to_recordset(?::jsonb) AS n(${COLUMNS}), clock_timestamp() AS now_
  ON CONFLICT (identity_id, kind, via, mailbox) DO UPDATE SET value = excluded.value, normalized = excluded.normalized,
    removed_at = NULL, kept_since = NULL,
    first_seen_at = CASE WHEN ${RECENT} THEN h.first_seen_at ELSE excluded.first_seen_at END,
    added_at = CASE WHEN ${RECENT} THEN h.added_at + (excluded.added_at - h.removed_at) ELSE excluded.added_at END,
    told_at = CASE WHEN ${RECENT} THEN h.told_at END,
    young_since = CASE WHEN ?::text <> 'token' THEN NULL WHEN ${RECENT} THEN h.young_since + (excluded.added_at - h.removed_at)
      ELSE excluded.young_since END`;

/** Values: addresses, identity. */
const RESPELLED = `
  UPDATE address_history h SET value = n.value, normalized = n.normalized FROM jsonb_to_recordset(?::jsonb) AS n(${COLUMNS})
  WHERE h.identity_id = ? AND h.kind = n.kind AND h.via = n.via AND h.mailbox = n.mailbox`;

/** Values: identity, seconds. Replaced addresses keep working while any replacement is young. */
const KEEP_ON = `
  UPDATE address_history SET kept_since = clock_timestamp()
  WHERE identity_id = ? AND kept_since > clock_timestamp() - make_interval(secs => ?::float8)`;

/** Values: identity, identity, seconds. Once no address is young, replaced addresses stop working for good. */
const LET_GO = `
  UPDATE address_history SET kept_since = NULL WHERE identity_id = ? AND kept_since IS NOT NULL AND NOT EXISTS (
    SELECT FROM address_history y WHERE y.identity_id = ? AND y.kind = 'recovery' AND y.removed_at IS NULL
      AND y.young_since > clock_timestamp() - make_interval(secs => ?::float8))`;

/**
 * Values: identity, identity, seconds. Closes the undo link once a trusted change follows, so that an older address
 * can't revert that change.
 */
const SETTLED = `
  UPDATE address_change SET undone_at = clock_timestamp() WHERE identity_id = ? AND undone_at IS NULL AND NOT EXISTS (
    SELECT FROM address_history y WHERE y.identity_id = ? AND y.kind = 'recovery' AND y.removed_at IS NULL
      AND y.young_since > clock_timestamp() - make_interval(secs => ?::float8))`;

/** Values as for LET_GO. From then on, a token brings back none of the replaced addresses at their old age. */
const FORGET_AGE = `
  UPDATE address_history SET young_since = removed_at WHERE identity_id = ? AND kind = 'recovery' AND removed_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM address_history y WHERE y.identity_id = ? AND y.kind = 'recovery' AND y.removed_at IS NULL
      AND y.young_since > clock_timestamp() - make_interval(secs => ?::float8))`;

/** Records when an identity's addresses were added and removed; their age is derived from this. */
@Injectable()
export class AddressHistory {
  /** seconds */
  readonly minAge: number;

  constructor({ recovery }: RegainConfig) {
    this.minAge = recovery.address_min_age.seconds;
  }

  /** Runs in the transaction of the change, with the identity's row locked. */
  async record(em: SqlEntityManager, identityId: string, diff: AddressDiff, by: ChangedBy): Promise<void> {
    const [removed, added, respelled] = [diff.removed, diff.added, diff.respelled].map(json) as [
      string,
      string,
      string,
    ];
    if (by === 'token') await execute(em, KEEP_ON, [identityId, this.minAge]);
    if (diff.removed.length > 0) await execute(em, REMOVED, [identityId, by, this.minAge, removed, by, this.minAge]);
    if (diff.added.length > 0) await execute(em, ADDED, [identityId, by, added, by]);
    if (diff.respelled.length > 0) await execute(em, RESPELLED, [respelled, identityId]);
    if (by === 'token') return;
    for (const sql of [LET_GO, SETTLED, FORGET_AGE]) await execute(em, sql, [identityId, identityId, this.minAge]);
  }
}

const json = (addresses: readonly ListedAddress[]): string => JSON.stringify(addresses);
