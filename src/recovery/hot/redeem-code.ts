import { Injectable } from '@nestjs/common';
import { identityRow } from '../../identity/sql.js';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { sessionRow } from '../../session/sql.js';
import { consequences, GRANT_COLUMNS, mayRecover, OWNER_COLUMNS, type Rules } from './consequences.js';
import { REPEAT_TRIES, STILL_HANDED_OVER } from './redeem-link.js';
import { type Recovery, RecoveryValues } from './recovery-values.js';

const identity = identityRow();
const session = sessionRow();

/**
 * Locks the identity and the flow, and the flow before its grants, in the same order as sending a code again, which
 * rules out deadlocks. Index: recovery_grant_flow.
 */
const owner = (rules: Rules, more = ''): string => `
  WITH owner_ AS (
    SELECT recovery_grant.id AS grant_id, ${identity.sessions_valid_from}, ${OWNER_COLUMNS}
    FROM recovery_grant JOIN ${identity.from} ON ${identity.id} = recovery_grant.identity_id
      JOIN recovery_flow ON recovery_flow.id = recovery_grant.flow_id
    WHERE recovery_grant.flow_id = :flow_id::uuid AND recovery_grant.kind = 'code' AND recovery_grant.digest = ANY (:macs::bytea[])
      AND recovery_flow.state = 'sent_email' AND recovery_flow.expires_at > clock_timestamp()
      AND ${mayRecover(rules)} ${more}
    FOR NO KEY UPDATE OF ${identity.alias}, recovery_flow)`;

const CODE = {
  method: 'code_recovery',
  settingsType: 'live_.type',
  flowDigest: 'coalesce(:csrf_digest::bytea, recovery_flow.csrf_digest)',
} as const;

const redeem = (rules: Rules): NamedStatement =>
  named(
    'redeem_recovery_code',
    `
  ${owner(rules)},
  grant_ AS (
    UPDATE recovery_grant SET used_at = clock_timestamp(), session_id = :session_id::uuid, nonce_digest = :nonce_digest::bytea FROM owner_
    WHERE recovery_grant.id = owner_.grant_id
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL AND recovery_grant.expires_at > clock_timestamp()
    RETURNING ${GRANT_COLUMNS}),
  ${consequences({ ...CODE, action: 'recovery.code.redeemed' }, rules)}
  SELECT id FROM live_`,
  );

/** The redeemer's browser: it sends the seed that it had, or the one that it got in the answer. */
const OF_REDEEMER = `(recovery_grant.nonce_digest = :nonce_digest::bytea OR recovery_flow.csrf_digest = :nonce_digest::bytea)`;
const JUST_USED = `recovery_grant.used_at > clock_timestamp() - interval '60 seconds'`;

/**
 * The session opened by a used code, for the browser that redeemed it within the last minute. Index:
 * recovery_grant_flow.
 */
const FIRST_SESSION = named(
  'first_code_session',
  `
  SELECT recovery_grant.session_id FROM recovery_grant JOIN recovery_flow ON recovery_flow.id = recovery_grant.flow_id
  WHERE recovery_grant.flow_id = :flow_id::uuid AND recovery_grant.kind = 'code' AND recovery_grant.digest = ANY (:macs::bytea[])
    AND recovery_flow.state = 'sent_email' AND ${OF_REDEEMER} AND ${JUST_USED}`,
);

/** $1: flow, $2: digest of a seed. Index: recovery_grant_flow. */
const REDEEMED_BY = `
  SELECT FROM recovery_grant
  WHERE flow_id = $1::uuid AND kind = 'code' AND nonce_digest = $2::bytea AND ${JUST_USED}`;

/** The same browser redeems the code again, like for a link: the first session ends, and another begins. */
const repeat = (rules: Rules): NamedStatement =>
  named(
    'repeat_recovery_code',
    `
  ${owner(rules, `AND ${OF_REDEEMER} ${rules.handsOver ? STILL_HANDED_OVER : ''}`)},
  grant_ AS (
    UPDATE recovery_grant SET session_id = :session_id::uuid, nonce_digest = :nonce_digest::bytea FROM owner_
    WHERE recovery_grant.id = owner_.grant_id AND recovery_grant.session_id = :first_session_id::uuid
      AND ${JUST_USED} AND recovery_grant.revoked_at IS NULL
      AND recovery_grant.expires_at > clock_timestamp()
      AND EXISTS (SELECT FROM ${session.from} WHERE ${session.id} = :first_session_id::uuid AND ${session.active}
        AND ${session.access_epoch} = owner_.access_epoch AND ${session.issued_at} >= coalesce(owner_.sessions_valid_from, '-infinity'))
    RETURNING ${GRANT_COLUMNS}),
  ${consequences(
    { ...CODE, action: 'recovery.code.redeemed_again', again: `${session.id} = :first_session_id::uuid` },
    { ...rules, told: false },
  )}
  SELECT id FROM live_`,
  );

export interface CodeRedemption extends Recovery {
  flowId: string;
  /** HMAC of flow and code, one for each key that is still valid */
  digests: Buffer[];
  /**
   * digest of the seed that the browser sent; null for native clients and for browsers without one: their codes work
   * once
   */
  nonceDigest: Buffer | null;
}

/**
 * HOT: every counted guess ends here.
 * Invariant: at most one session per code is live. A code opens none if it was used by another browser or more than a
 * minute ago, revoked or sent again, or if it belongs to another flow.
 * Guarded by: redeem-code.race.spec.ts, repeat-code.race.spec.ts
 */
@Injectable()
export class RedeemCodeStatement {
  readonly #redeem: NamedStatement;
  readonly #repeatedly: NamedStatement;

  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly values: RecoveryValues,
  ) {
    this.#redeem = redeem(values.rules);
    this.#repeatedly = repeat(values.rules);
  }

  /** The settings flow to continue with, or undefined, whatever is wrong with the code. */
  async run(redemption: CodeRedemption, current: CurrentRequest): Promise<{ settingsFlowId: string } | undefined> {
    const values = this.#valuesOf(redemption, current);
    const rows = await this.db.run(this.#redeem, values);
    return rows.length === 1 ? { settingsFlowId: values.settings_flow_id } : this.again(redemption, current);
  }

  /**
   * Like `run`, but only for the browser that redeemed the code within the last minute. It reveals to no one else
   * whether a code is right, so guesses need not be counted.
   */
  async again(redemption: CodeRedemption, current: CurrentRequest): Promise<{ settingsFlowId: string } | undefined> {
    if (redemption.nonceDigest === null) return undefined;
    const values = this.#valuesOf(redemption, current);
    for (let tries = 0; tries < REPEAT_TRIES; tries++) {
      const [first] = await this.db.run<{ session_id: string }>(FIRST_SESSION, values);
      if (!first) return undefined;
      const rows = await this.db.run(this.#repeatedly, { ...values, first_session_id: first.session_id });
      if (rows.length === 1) return { settingsFlowId: values.settings_flow_id };
    }
    return undefined;
  }

  /** Whether the browser with that seed redeemed a code of the flow within the last minute. */
  async wasRedeemedBy(flowId: string, seedDigest: Buffer): Promise<boolean> {
    return (await this.db.statement('code_redeemed_by', REDEEMED_BY, [flowId, seedDigest])).length > 0;
  }

  #valuesOf(
    redemption: CodeRedemption,
    current: CurrentRequest,
  ): Record<string, unknown> & { settings_flow_id: string } {
    const settingsFlowId = this.random.uuid();
    return {
      ...this.values.make(redemption, settingsFlowId, current),
      settings_flow_id: settingsFlowId,
      macs: redemption.digests,
      flow_id: redemption.flowId,
      nonce_digest: redemption.nonceDigest,
    };
  }
}
