import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { sameBytes } from '../../platform/keys/index.js';
import type { EarlierCall, IdempotentCall } from '../flow/idempotency.js';
import { IdempotencyKeyReused } from '../recovery.errors.js';

/** Index: recovery_idempotency_key_pkey. */
const FIND = `
  SELECT request_digest AS "requestDigest", key_id AS "keyId", flow_id AS "flowId", grant_id AS "grantId",
    message_id AS "messageId", expires_at AS "expiresAt"
  FROM recovery_idempotency_key WHERE digest = $1::bytea AND forget_at > clock_timestamp()`;

/** Finds the first call that an administrator repeats. */
@Injectable()
export class FindEarlierCall {
  constructor(private readonly db: Database) {}

  /** @throws IdempotencyKeyReused */
  async run(call: IdempotentCall): Promise<EarlierCall | undefined> {
    const values = [call.digest];
    const [row] = await this.db.statement<EarlierCall & { requestDigest: Buffer }>('find_earlier_call', FIND, values);
    if (row && !sameBytes(row.requestDigest, call.requestDigest)) throw new IdempotencyKeyReused();
    return row;
  }
}
