import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { isUuid } from '../../../platform/flow/index.js';
import { type SettingsFlowRow, type SettingsFlowView, settingsFlowView } from '../flow/settings-flow.view.js';

const SELECT = `
  SELECT *, extract(epoch FROM clock_timestamp() - expires_at)::float8 AS expired_seconds
  FROM settings_flow WHERE id = $1::uuid`;

/** Only the owner gets this far; `csrf_digest IS DISTINCT` keeps a reload from writing. */
const BIND = `
  UPDATE settings_flow SET csrf_digest = $3::bytea
  WHERE id = $1::uuid AND identity_id = $2::uuid AND type = 'browser' AND csrf_digest IS DISTINCT FROM $3::bytea`;

/** Reads a settings flow; undefined where there is none of that id. */
@Injectable()
export class ReadSettingsFlow {
  constructor(private readonly db: Database) {}

  async run(id: string | undefined): Promise<SettingsFlowView | undefined> {
    if (!isUuid(id)) return undefined;
    const [row] = await this.db.statement<SettingsFlowRow>('select_settings_flow', SELECT, [id]);
    return row && settingsFlowView(row);
  }

  /** The owner's browser got a new CSRF seed since the flow began (it signed in again): the flow goes on with the new one. */
  async bind(flow: SettingsFlowView, csrfDigest: Buffer): Promise<void> {
    await this.db.statement('bind_settings_flow', BIND, [flow.id, flow.identityId, csrfDigest]);
  }
}
