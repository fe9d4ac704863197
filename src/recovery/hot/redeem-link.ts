import { Injectable } from '@nestjs/common';
import { handOverIsOpen, identityRow } from '../../identity/sql.js';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { sessionRow } from '../../session/sql.js';
import { consequences, GRANT_COLUMNS, mayRecover, OWNER_COLUMNS, type Rules } from './consequences.js';
import { type Recovery, RecoveryValues } from './recovery-values.js';

const identity = identityRow();
const session = sessionRow();

/**
 * Locks the identity's row, so no session is created while the identity is being deactivated, and two links of one
 * identity can't deadlock. Index: recovery_grant_link_digest.
 */
const owner = (rules: Rules, more = ''): string => `
  WITH owner_ AS (
    SELECT recovery_grant.id AS grant_id, ${identity.sessions_valid_from}, ${OWNER_COLUMNS}
    FROM recovery_grant JOIN ${identity.from} ON ${identity.id} = recovery_grant.identity_id
    WHERE recovery_grant.digest = :token_digest::bytea AND recovery_grant.kind = 'link' AND recovery_grant.flow_id = :flow_id::uuid
      AND ${mayRecover(rules)} ${more}
    FOR NO KEY UPDATE OF ${identity.alias})`;

const LINK = { method: 'link_recovery', settingsType: `'browser'` } as const;

const redeem = (rules: Rules): NamedStatement =>
  named(
    'redeem_recovery_link',
    `
  ${owner(rules)},
  grant_ AS (
    UPDATE recovery_grant SET used_at = clock_timestamp(), session_id = :session_id::uuid, nonce_digest = :nonce_digest::bytea FROM owner_
    WHERE recovery_grant.id = owner_.grant_id
      AND recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL AND recovery_grant.expires_at > clock_timestamp()
    RETURNING ${GRANT_COLUMNS}),
  ${consequences({ ...LINK, action: 'recovery.link.redeemed' }, rules)}
  SELECT id FROM live_`,
  );

/**
 * The session opened by a used grant, for the browser (nonce) that redeemed it within the last minute. Index:
 * recovery_grant_link_digest.
 */
const FIRST_SESSION = named(
  'first_recovery_session',
  `
  SELECT session_id FROM recovery_grant
  WHERE digest = :token_digest::bytea AND kind = 'link' AND flow_id = :flow_id::uuid AND nonce_digest = :nonce_digest::bytea
    AND used_at > clock_timestamp() - interval '60 seconds'`,
);

/** No credential was set, nobody cancelled, and no other grant took over. */
export const STILL_HANDED_OVER = `AND ${identity.hand_over_grant_id} = recovery_grant.id AND ${handOverIsOpen(identity.alias)}`;

/**
 * The same browser redeems the link again: the first session ends, and another begins. Compare and swap on session_id:
 * of many concurrent requests one wins, and the others retry. Repeating a lost answer sends the person no second
 * notice.
 */
const repeat = (rules: Rules): NamedStatement =>
  named(
    'repeat_recovery_link',
    `
  ${owner(rules, rules.handsOver ? STILL_HANDED_OVER : '')},
  grant_ AS (
    UPDATE recovery_grant SET session_id = :session_id::uuid FROM owner_
    WHERE recovery_grant.id = owner_.grant_id AND recovery_grant.session_id = :first_session_id::uuid
      AND recovery_grant.nonce_digest = :nonce_digest::bytea
      AND recovery_grant.used_at > clock_timestamp() - interval '60 seconds' AND recovery_grant.revoked_at IS NULL
      AND recovery_grant.expires_at > clock_timestamp()
      AND EXISTS (SELECT FROM ${session.from} WHERE ${session.id} = :first_session_id::uuid AND ${session.active}
        AND ${session.access_epoch} = owner_.access_epoch AND ${session.issued_at} >= coalesce(owner_.sessions_valid_from, '-infinity'))
    RETURNING ${GRANT_COLUMNS}),
  ${consequences(
    { ...LINK, action: 'recovery.link.redeemed_again', again: `${session.id} = :first_session_id::uuid` },
    { ...rules, told: false },
  )}
  SELECT id FROM live_`,
  );

/** How often a request that loses a swap retries. */
export const REPEAT_TRIES = 8;

export interface Redemption extends Recovery {
  flowId: string;
  tokenDigest: Buffer;
  /** digest of the confirmation's nonce; null if no confirmation is required */
  nonceDigest: Buffer | null;
}

/**
 * HOT: every redemption of a link, hostile or not, ends here.
 * Invariant: at most one session per grant is live, and a used grant always has one.
 * Guarded by: redeem-link.race.spec.ts
 */
@Injectable()
export class RedeemLinkStatement {
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

  /** The settings flow to continue with, or undefined, whatever is wrong with the link. */
  async run(redemption: Redemption, current: CurrentRequest): Promise<{ settingsFlowId: string } | undefined> {
    const settingsFlowId = this.random.uuid();
    const values = {
      ...this.values.make(redemption, settingsFlowId, current),
      token_digest: redemption.tokenDigest,
      flow_id: redemption.flowId,
      nonce_digest: redemption.nonceDigest,
    };
    const rows = await this.db.run(this.#redeem, values);
    if (rows.length === 1) return { settingsFlowId };
    return redemption.nonceDigest !== null && (await this.#repeat(values)) ? { settingsFlowId } : undefined;
  }

  async #repeat(values: Record<string, unknown>): Promise<boolean> {
    for (let tries = 0; tries < REPEAT_TRIES; tries++) {
      const [first] = await this.db.run<{ session_id: string }>(FIRST_SESSION, values);
      if (!first) return false;
      const rows = await this.db.run(this.#repeatedly, { ...values, first_session_id: first.session_id });
      if (rows.length === 1) return true;
    }
    return false;
  }
}
