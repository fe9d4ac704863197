import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { type RecoveryFlowView, recoveryFlowView } from '../flow/recovery-flow.view.js';

const SELECT = `
  SELECT *, extract(epoch FROM clock_timestamp() - expires_at)::double precision AS expired_seconds
  FROM recovery_flow WHERE id = $1::uuid`;

/** Reads a recovery flow; undefined if the id does not exist. */
@Injectable()
export class ReadRecoveryFlow {
  constructor(private readonly db: Database) {}

  async run(id: string | undefined): Promise<RecoveryFlowView | undefined> {
    if (!isUuid(id)) return undefined;
    const [row] = await this.db.statement<Record<string, unknown>>('select_recovery_flow', SELECT, [id]);
    return row && recoveryFlowView(row);
  }
}
