import { Injectable } from '@nestjs/common';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { consequences, GRANT_COLUMNS, mayRecover, OWNER_COLUMNS, type Rules } from './consequences.js';
import { type Recovery, RecoveryValues } from './recovery-values.js';

/**
 * Identity and flow are held, the flow before its grants as when a code is sent again: nobody waits in a circle.
 * Index: recovery_grant_flow.
 */
const redeem = (rules: Rules): NamedStatement =>
  named(
    'redeem_recovery_code',
    `
  WITH owner_ AS (
    SELECT recovery_grant.id AS grant_id, ${OWNER_COLUMNS}
    FROM recovery_grant JOIN identity ON identity.id = recovery_grant.identity_id
      JOIN recovery_flow ON recovery_flow.id = recovery_grant.flow_id
    WHERE recovery_grant.flow_id = :flow_id::uuid AND recovery_grant.kind = 'code' AND recovery_grant.digest = ANY (:macs::bytea[])
      AND recovery_flow.state = 'sent_email' AND recovery_flow.expires_at > clock_timestamp()
      AND ${mayRecover(rules)}
    FOR NO KEY UPDATE OF identity, recovery_flow),
  grant_ AS (
    UPDATE recovery_grant SET used_at = clock_timestamp(), session_id = :session_id::uuid FROM owner_
    WHERE recovery_grant.id = owner_.grant_id
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL AND recovery_grant.expires_at > clock_timestamp()
    RETURNING ${GRANT_COLUMNS}),
  ${consequences(
    {
      action: 'recovery.code.redeemed',
      method: 'code_recovery',
      settingsType: 'live_.type',
      flowDigest: 'coalesce(:csrf_digest::bytea, recovery_flow.csrf_digest)',
    },
    rules,
  )}
  SELECT id FROM live_`,
  );

export interface CodeRedemption extends Recovery {
  flowId: string;
  /** HMAC of flow and code, one for each key that is still good */
  digests: Buffer[];
}

/**
 * HOT: every guess that was counted ends here.
 * Invariant: one code gives one session; a code that was used, revoked, sent again, or belongs to another flow gives none.
 * Guarded by: redeem-code.race.spec.ts
 */
@Injectable()
export class RedeemCodeStatement {
  readonly #redeem: NamedStatement;

  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly values: RecoveryValues,
  ) {
    this.#redeem = redeem(values.rules);
  }

  /** The settings flow to go on with, or undefined for every kind of wrong. */
  async run(redemption: CodeRedemption, current: CurrentRequest): Promise<{ settingsFlowId: string } | undefined> {
    const settingsFlowId = this.random.uuid();
    const rows = await this.db.run(this.#redeem, {
      ...this.values.make(redemption, settingsFlowId, current),
      macs: redemption.digests,
      flow_id: redemption.flowId,
    });
    return rows.length === 1 ? { settingsFlowId } : undefined;
  }
}
