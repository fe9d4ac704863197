import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../../config/index.js';
import { identityRow } from '../../../identity/sql.js';
import { Database } from '../../../platform/database/index.js';
import { type FlowType, isUuid, type StoredMessage } from '../../../platform/flow/index.js';
import { Random } from '../../../platform/random/index.js';
import {
  type Refusal,
  type SettingsFlowRow,
  type SettingsFlowView,
  settingsFlowView,
} from '../flow/settings-flow.view.js';
import { insertSettingsFlow } from '../sql.js';

interface NewSettingsFlow {
  type: FlowType;
  identityId: string;
  /** canonical, without secrets */
  requestUrl: string;
  /** already checked */
  returnTo: string | null;
  /** binds a browser flow to its browser; null for native clients */
  csrfDigest: Buffer | null;
  messages?: StoredMessage[];
}

const SELECT = `
  SELECT *, extract(epoch FROM clock_timestamp() - expires_at)::float8 AS expired_seconds
  FROM settings_flow WHERE id = $1::uuid`;

const identity = identityRow();

const INSERT = insertSettingsFlow({
  from: `(SELECT ${identity.access_epoch} FROM ${identity.from} WHERE ${identity.id} = $2::uuid) AS identity_`,
  id: '$1',
  identityId: '$2',
  epoch: 'identity_.access_epoch',
  type: '$3',
  requestUrl: '$4',
  returnTo: '$5',
  csrfDigest: '$6',
  messages: '$7',
  lifespanSeconds: '$8',
});

/** `state` is kept: a form that was saved once still says so, as recorded from Kratos. */
const REFUSE = `
  UPDATE settings_flow SET messages = $2::jsonb, node_messages = $3::jsonb, submitted = $4::jsonb
  WHERE id = $1::uuid`;

/** Reads and writes settings flows. A saved change writes its row in its own transaction: hot/save-change.ts. */
@Injectable()
export class SettingsFlows {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly selfservice: SelfServiceConfig,
  ) {}

  async find(id: string | undefined): Promise<SettingsFlowView | undefined> {
    if (!isUuid(id)) return undefined;
    const [row] = await this.db.statement<SettingsFlowRow>('select_settings_flow', SELECT, [id]);
    return row && settingsFlowView(row);
  }

  /** Resolves to the new flow's id; inserts nothing if the identity is gone. */
  async insert(flow: NewSettingsFlow): Promise<string> {
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

  /** Stores what the form shows after a refused submission. */
  async refuse(flow: SettingsFlowView, refusal: Refusal): Promise<SettingsFlowView> {
    await this.db.statement('refuse_settings', REFUSE, [
      flow.id,
      JSON.stringify(refusal.messages),
      JSON.stringify(refusal.nodeMessages),
      JSON.stringify(refusal.submitted),
    ]);
    return { ...flow, ...refusal };
  }
}
