import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import type { NodeMessages, StoredMessage } from '../../platform/flow/index.js';
import { type RecoveryFlowView, recoveryFlowView } from '../flow/recovery-flow.view.js';

/** What a form says about a failed submission. */
export interface Refusal {
  messages?: StoredMessage[];
  nodeMessages?: NodeMessages;
}

const REFUSE = `
  UPDATE recovery_flow SET messages = $2::jsonb, node_messages = $3::jsonb
  WHERE id = $1::uuid AND state <> 'passed_challenge' RETURNING *`;

/** Stores the errors with the flow, so that the form can show them. */
@Injectable()
export class RefuseSubmission {
  constructor(private readonly db: Database) {}

  /** The updated flow, or the given one if the flow is over. */
  async run(flow: RecoveryFlowView, { messages = [], nodeMessages = {} }: Refusal): Promise<RecoveryFlowView> {
    const values = [flow.id, JSON.stringify(messages), JSON.stringify(nodeMessages)];
    const [row] = await this.db.statement<Record<string, unknown>>('refuse_recovery_submission', REFUSE, values);
    return row ? recoveryFlowView(row) : { ...flow, messages, nodeMessages };
  }
}
