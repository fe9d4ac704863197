import { Injectable } from '@nestjs/common';
import { Database, named } from '../../platform/database/index.js';

/** Index: recovery_grant_mailed_code_digest. */
const ADOPT = named(
  'adopt_long_code',
  `
  UPDATE recovery_grant SET flow_id = :flow_id::uuid
  WHERE digest = ANY (:macs::bytea[]) AND kind = 'code' AND sent_to = :normalized::text AND flow_id <> :flow_id::uuid
    AND used_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()`,
);

/**
 * Accepts a long code in any flow for the address that it was mailed to. So someone who starts other flows for an
 * address and uses up its mails can't stop the owner from entering the code in one of them.
 */
@Injectable()
export class AdoptLongCode {
  constructor(private readonly db: Database) {}

  /** @param macs one for each key that is still valid */
  async run(flowId: string, macs: readonly Buffer[], normalized: string): Promise<void> {
    await this.db.run(ADOPT, { flow_id: flowId, macs, normalized });
  }
}
