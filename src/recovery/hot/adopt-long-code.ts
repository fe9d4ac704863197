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
 * A long code opens the flow that it is typed into, if that asks for the address which it was mailed to: whoever began other
 * flows for an address, and used up its mails, does not keep its owner from entering what these brought.
 */
@Injectable()
export class AdoptLongCode {
  constructor(private readonly db: Database) {}

  /** @param macs one for each key that is still good */
  async run(flowId: string, macs: readonly Buffer[], normalized: string): Promise<void> {
    await this.db.run(ADOPT, { flow_id: flowId, macs, normalized });
  }
}
