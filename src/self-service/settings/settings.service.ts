import { Injectable } from '@nestjs/common';
import { MissingRow } from '../../platform/errors/index.js';
import { FlowGone, type FlowType } from '../../platform/flow/index.js';
import type { Caller } from '../../platform/http/index.js';
import type { SettingsFlowView } from './flow/settings-flow.view.js';
import { SettingsFlows } from './persistence/settings-flows.js';
import type { SettingsFlowBody } from './settings.dto.js';
import { SettingsIdentityMismatch } from './settings.errors.js';
import { SettingsPresenter } from './settings.presenter.js';
import { SettingsWaysOn } from './settings.ways-on.js';
import { RequireSession } from './steps/require-session.js';
import { StartSettings } from './steps/start-settings.js';

/** Starts settings flows and shows them; settings.submissions takes what is submitted. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly requireSession: RequireSession,
    private readonly startSettings: StartSettings,
    private readonly flows: SettingsFlows,
    private readonly presenter: SettingsPresenter,
    private readonly waysOn: SettingsWaysOn,
  ) {}

  /**
   * Starts a flow for the session's identity; reads `return_to` from the query.
   * @throws SessionMissing, SecondFactorRequired, ReturnToForbidden
   */
  async start(caller: Caller, type: FlowType): Promise<SettingsFlowBody> {
    const { identity } = await this.requireSession.toStart(caller, type);
    const id = await this.startSettings.run(caller, type, identity.id);
    return this.presenter.present(await this.#find(id), identity, caller);
  }

  /** @throws SettingsSessionMissing, SecondFactorRequired, MissingRow, SettingsIdentityMismatch, FlowGone */
  async show(flowId: string | undefined, caller: Caller): Promise<SettingsFlowBody> {
    const { identity } = await this.requireSession.toGoOn(caller);
    const flow = await this.#find(flowId);
    if (flow.identityId !== identity.id) throw new SettingsIdentityMismatch('read');
    if (flow.over) throw new FlowGone('settings', this.waysOn.startAgain(flow));
    return this.presenter.present(flow, identity, caller);
  }

  async #find(id: string | undefined): Promise<SettingsFlowView> {
    const flow = await this.flows.find(id);
    if (!flow) throw new MissingRow();
    return flow;
  }
}
