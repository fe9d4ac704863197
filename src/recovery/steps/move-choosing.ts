import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import type { StoredMessage } from '../../platform/flow/index.js';
import type { Choosing } from '../flow/choosing.js';
import { type RecoveryFlowView, recoveryFlowView } from '../flow/recovery-flow.view.js';

/** $1: flow, $2: its new step, $3: messages. Codes that were mailed stay valid, so going back loses none. */
const MOVE = `
  UPDATE recovery_flow SET state = 'choose_method', submitted = submitted || jsonb_build_object('choosing', $2::jsonb),
    messages = $3::jsonb, node_messages = '{}'
  WHERE id = $1::uuid AND state <> 'passed_challenge' RETURNING *`;

/** Leads a person to the next step, or back to an earlier one. */
@Injectable()
export class MoveChoosing {
  constructor(private readonly db: Database) {}

  /** The updated flow, or the given one if the flow is over. */
  async run(flow: RecoveryFlowView, choosing: Choosing, messages: StoredMessage[]): Promise<RecoveryFlowView> {
    const values = [flow.id, JSON.stringify(choosing), JSON.stringify(messages)];
    const [row] = await this.db.statement<Record<string, unknown>>('move_recovery_choosing', MOVE, values);
    return row ? recoveryFlowView(row) : flow;
  }
}
