import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import type { Refusal, SettingsFlowView } from '../flow/settings-flow.view.js';

/** `state` stays: a form that was saved once still says so, as recorded. */
const REFUSE = `
  UPDATE settings_flow SET messages = $2::jsonb, node_messages = $3::jsonb, submitted = $4::jsonb
  WHERE id = $1::uuid`;

/** Keeps what the form says about a submission that was refused. */
@Injectable()
export class RefuseSubmission {
  constructor(private readonly db: Database) {}

  async run(flow: SettingsFlowView, refusal: Refusal): Promise<SettingsFlowView> {
    await this.db.statement('refuse_settings', REFUSE, [
      flow.id,
      JSON.stringify(refusal.messages),
      JSON.stringify(refusal.nodeMessages),
      JSON.stringify(refusal.submitted),
    ]);
    return { ...flow, ...refusal };
  }
}
