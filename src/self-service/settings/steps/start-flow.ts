import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../../config/index.js';
import { Database } from '../../../platform/database/index.js';
import type { FlowType, StoredMessage } from '../../../platform/flow/index.js';
import { Random } from '../../../platform/random/index.js';
import { insertSettingsFlow } from '../sql.js';

const INSERT = insertSettingsFlow({
  from: '(SELECT FROM identity WHERE id = $2::uuid) AS identity_',
  id: '$1',
  identityId: '$2',
  type: '$3',
  requestUrl: '$4',
  returnTo: '$5',
  csrfDigest: '$6',
  messages: '$7',
  lifespanSeconds: '$8',
});

export interface NewSettingsFlow {
  type: FlowType;
  identityId: string;
  /** canonical, without secrets */
  requestUrl: string;
  /** checked */
  returnTo: string | null;
  /** binds a browser flow to its browser; null for native clients */
  csrfDigest: Buffer | null;
  messages?: StoredMessage[];
}

/** Begins a settings flow and gives its id. */
@Injectable()
export class StartSettingsFlow {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly selfservice: SelfServiceConfig,
  ) {}

  async run(flow: NewSettingsFlow): Promise<string> {
    const id = this.random.uuid();
    await this.db.statement('insert_settings_flow', INSERT, [
      id,
      flow.identityId,
      flow.type,
      flow.requestUrl,
      flow.returnTo,
      flow.csrfDigest,
      JSON.stringify(flow.messages ?? []),
      this.selfservice.flows.settings.lifespan.seconds,
    ]);
    return id;
  }
}
