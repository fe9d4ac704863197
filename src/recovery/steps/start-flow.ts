import { Injectable } from '@nestjs/common';
import { FeatureFlagsConfig, SelfServiceConfig } from '../../config/index.js';
import { Database } from '../../platform/database/index.js';
import type { FlowType, StoredMessage } from '../../platform/flow/index.js';
import { Random } from '../../platform/random/index.js';
import type { Choosing } from '../flow/choosing.js';
import { type RecoveryFlowView, recoveryFlowView } from '../flow/recovery-flow.view.js';

const INSERT = `
  INSERT INTO recovery_flow (id, type, active_method, request_url, return_to, csrf_digest, messages, submitted, issued_at, expires_at)
  SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::bytea, $7::jsonb, $8::jsonb, now_, now_ + make_interval(secs => $9::double precision)
  FROM clock_timestamp() AS now_
  RETURNING *`;

const BEGINNING: Choosing = { step: 'address', address: '', choices: [] };

interface NewFlow {
  type: FlowType;
  requestUrl: string;
  returnTo?: string | undefined;
  /** binds a browser flow to its browser; null for native clients */
  csrfDigest: Buffer | null;
  messages?: StoredMessage[];
}

/** Starts a recovery flow. */
@Injectable()
export class StartRecoveryFlow {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly selfservice: SelfServiceConfig,
    private readonly flags: FeatureFlagsConfig,
  ) {}

  async run(flow: NewFlow): Promise<RecoveryFlowView> {
    const { recovery } = this.selfservice.flows;
    const chooses = this.flags.choose_recovery_address && recovery.use === 'code';
    const [row] = await this.db.statement<Record<string, unknown>>('insert_recovery_flow', INSERT, [
      this.random.uuid(),
      flow.type,
      recovery.use,
      flow.requestUrl,
      flow.returnTo ?? null,
      flow.csrfDigest,
      JSON.stringify(flow.messages ?? []),
      JSON.stringify(chooses ? { choosing: BEGINNING } : {}),
      recovery.lifespan.seconds,
    ]);
    return recoveryFlowView(row!);
  }
}
