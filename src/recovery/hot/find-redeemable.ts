import { Injectable } from '@nestjs/common';
import { identityRow } from '../../identity/sql.js';
import { Database, named, type NamedStatement } from '../../platform/database/index.js';
import { mayRecover, type Rules } from './consequences.js';
import { RecoveryValues } from './recovery-values.js';

const identity = identityRow();

const UNUSED = `recovery_grant.used_at IS NULL AND recovery_grant.revoked_at IS NULL AND recovery_grant.expires_at > clock_timestamp()`;

const found = (name: string, rules: Rules, joins: string, where: string): NamedStatement =>
  named(
    name,
    `
  SELECT recovery_grant.id AS "grantId", recovery_grant.identity_id AS "identityId"
  FROM recovery_grant JOIN ${identity.from} ON ${identity.id} = recovery_grant.identity_id ${joins}
  WHERE recovery_grant.flow_id = :flow_id::uuid AND ${where} AND ${UNUSED} AND ${mayRecover(rules)}`,
  );

export interface Redeemable {
  readonly grantId: string;
  readonly identityId: string;
}

/**
 * Finds the grant that a secret would redeem now, under the redemption's conditions. Uses nothing up and takes no lock,
 * because the redemption checks again. Only runs if an extension has registered a veto. Indexes:
 * recovery_grant_link_digest, recovery_grant_flow.
 */
@Injectable()
export class FindRedeemable {
  readonly #link: NamedStatement;
  readonly #code: NamedStatement;

  constructor(
    private readonly db: Database,
    { rules }: RecoveryValues,
  ) {
    this.#link = found(
      'find_redeemable_link',
      rules,
      '',
      `recovery_grant.kind = 'link' AND recovery_grant.digest = :token_digest::bytea`,
    );
    this.#code = found(
      'find_redeemable_code',
      rules,
      'JOIN recovery_flow ON recovery_flow.id = recovery_grant.flow_id',
      `recovery_grant.kind = 'code' AND recovery_grant.digest = ANY (:macs::bytea[])
      AND recovery_flow.state = 'sent_email' AND recovery_flow.expires_at > clock_timestamp()`,
    );
  }

  /** Undefined, whatever is wrong with the link. */
  async link(flowId: string, tokenDigest: Buffer): Promise<Redeemable | undefined> {
    const [row] = await this.db.run<Redeemable>(this.#link, { flow_id: flowId, token_digest: tokenDigest });
    return row;
  }

  /**
   * Undefined, whatever is wrong with the code.
   * @param digests as for the redemption
   */
  async code(flowId: string, digests: readonly Buffer[]): Promise<Redeemable | undefined> {
    const [row] = await this.db.run<Redeemable>(this.#code, { flow_id: flowId, macs: digests });
    return row;
  }
}
