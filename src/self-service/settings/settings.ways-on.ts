import { Injectable } from '@nestjs/common';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import type { FlowStart } from '../../platform/flow/index.js';
import { ReturnToService } from '../return-to.service.js';
import type { SettingsMethod } from './flow/change-by-owner.js';
import type { SettingsFlowView } from './flow/settings-flow.view.js';

/** Where a settings flow leads. */
@Injectable()
export class SettingsWaysOn {
  constructor(
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    private readonly returnTo: ReturnToService,
  ) {}

  /** After a change: to the flow's `return_to`, the configured URL, or back to the form. */
  saved(method: SettingsMethod, flow: SettingsFlowView): string {
    const { after } = this.selfservice.flows.settings;
    return (
      this.returnTo.allowed(flow.returnTo) ??
      (after[method].default_browser_return_url ||
        after.default_browser_return_url ||
        this.urls.ui('settings', { flow: flow.id }))
    );
  }

  /** To sign in again, and from there back to the form. */
  signInAgain(flow: SettingsFlowView): string {
    const back = this.urls.public('/self-service/settings', { flow: flow.id });
    return this.urls.public('/self-service/login/browser', { refresh: 'true', return_to: back });
  }

  /** To sign in with an existing credential. */
  signIn(): string {
    return this.urls.public('/self-service/login/browser');
  }

  /** To the start of another flow. */
  startAgain(flow: SettingsFlowView): FlowStart {
    if (flow.type === 'api') return { api: this.urls.public('/self-service/settings/api') };
    const returnTo = this.returnTo.allowed(flow.returnTo) === undefined ? '' : (flow.returnTo ?? '');
    const query = returnTo === '' ? undefined : { return_to: returnTo };
    return { redirect_to: this.urls.public('/self-service/settings/browser', query), return_to: returnTo };
  }
}
