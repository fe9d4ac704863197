import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import {
  ConsequenceValues,
  consequences,
  GRANT_COLUMNS,
  MAY_RECOVER,
  PREVIOUS_SESSION,
  type Recovery,
} from './consequences.js';

/**
 * $33 token digest, $34 flow, $35 nonce digest. The identity's row is held, so that a session cannot be made while the
 * identity is being deactivated, and two links of one identity cannot wait for each other. Index: recovery_grant_link_digest.
 */
const OWNER = `
  WITH owner_ AS (
    SELECT recovery_grant.id AS grant_id, identity.sessions_valid_from
    FROM recovery_grant JOIN identity ON identity.id = recovery_grant.identity_id
    WHERE recovery_grant.digest = $33::bytea AND recovery_grant.kind = 'link' AND recovery_grant.flow_id = $34::uuid
      AND ${MAY_RECOVER}
    FOR NO KEY UPDATE OF identity)`;

const LINK = { method: 'link_recovery', settingsType: `'browser'`, flowDigest: 'recovery_flow.csrf_digest' } as const;

const REDEEM = `
  ${OWNER},
  grant_ AS (
    UPDATE recovery_grant SET used_at = clock_timestamp(), session_id = $1::uuid, nonce_digest = $35::bytea FROM owner_
    WHERE recovery_grant.id = owner_.grant_id
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL AND recovery_grant.expires_at > clock_timestamp()
    RETURNING ${GRANT_COLUMNS}),
  ${consequences({ ...LINK, action: 'recovery.link.redeemed', ended: PREVIOUS_SESSION, told: true })}
  SELECT id FROM live_`;

/** The session that a used grant became, for the browser (nonce) that redeemed it within the last minute. Index: recovery_grant_link_digest. */
const FIRST_SESSION = `
  SELECT session_id FROM recovery_grant
  WHERE digest = $1::bytea AND kind = 'link' AND flow_id = $2::uuid AND nonce_digest = $3::bytea
    AND used_at > clock_timestamp() - interval '60 seconds'`;

/**
 * A second press by that browser: the first session ($36) ends, another one begins. Compare and swap on session_id, so that of
 * many presses at once one wins and the others look again.
 */
const REPEAT = `
  ${OWNER},
  grant_ AS (
    UPDATE recovery_grant SET session_id = $1::uuid FROM owner_
    WHERE recovery_grant.id = owner_.grant_id AND recovery_grant.session_id = $36::uuid AND recovery_grant.nonce_digest = $35::bytea
      AND recovery_grant.used_at > clock_timestamp() - interval '60 seconds' AND recovery_grant.revoked_at IS NULL
      AND recovery_grant.expires_at > clock_timestamp()
      AND EXISTS (SELECT FROM session WHERE session.id = $36::uuid AND session.active
        AND session.issued_at >= coalesce(owner_.sessions_valid_from, '-infinity'))
    RETURNING ${GRANT_COLUMNS}),
  ${consequences({
    ...LINK,
    action: 'recovery.link.redeemed_again',
    ended: `((session.id = $36::uuid OR session.token_digest = $13::bytea) AND session.id <> $1::uuid)`,
    told: false,
  })}
  SELECT id FROM live_`;

/** Presses that lose a swap look again this often. */
const REPEAT_TRIES = 8;

export interface Redemption extends Recovery {
  flowId: string;
  tokenDigest: Buffer;
  /** of the confirmation's nonce; null where no confirmation is asked for */
  nonceDigest: Buffer | null;
}

/**
 * HOT: every redemption of a link, including hostile ones, ends here.
 * Invariant: for one grant at most one session is live, and a used grant always has one.
 * Guarded by: redeem-link.race.spec.ts
 */
@Injectable()
export class RedeemLinkStatement {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly values: ConsequenceValues,
  ) {}

  /** The settings flow to go on with, or undefined for every kind of wrong. */
  async run(redemption: Redemption, current: CurrentRequest): Promise<{ settingsFlowId: string } | undefined> {
    const settingsFlowId = this.random.uuid();
    const own = [redemption.tokenDigest, redemption.flowId, redemption.nonceDigest];
    const values = [...this.values.make(redemption, settingsFlowId, current), ...own];
    const rows = await this.db.statement('redeem_recovery_link', REDEEM, values);
    return rows.length === 1 ? { settingsFlowId } : this.#repeat(redemption, settingsFlowId, values);
  }

  async #repeat(
    redemption: Redemption,
    settingsFlowId: string,
    values: unknown[],
  ): Promise<{ settingsFlowId: string } | undefined> {
    if (redemption.nonceDigest === null) return undefined;
    const grant = [redemption.tokenDigest, redemption.flowId, redemption.nonceDigest];
    for (let tries = 0; tries < REPEAT_TRIES; tries++) {
      const [first] = await this.db.statement<{ session_id: string }>('first_recovery_session', FIRST_SESSION, grant);
      if (!first) return undefined;
      const rows = await this.db.statement('repeat_recovery_link', REPEAT, [...values, first.session_id]);
      if (rows.length === 1) return { settingsFlowId };
    }
    return undefined;
  }
}
