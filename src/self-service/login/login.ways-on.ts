import { Injectable } from '@nestjs/common';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import type { FlowStart } from '../../platform/flow/index.js';
import { ReturnToService } from '../return-to.service.js';
import type { LoginMethod } from './hot/complete-login.js';
import type { LoginFlow } from './persistence/login-flows.js';

/** Where a login flow leads. */
@Injectable()
export class LoginWaysOn {
  constructor(
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    private readonly returnTo: ReturnToService,
  ) {}

  /** After signing in: to the flow's `return_to`, or the configured URL. */
  signedIn(flow: LoginFlow, method: LoginMethod): string {
    const { after } = this.selfservice.flows.login;
    const configured = after[method].default_browser_return_url ?? after.default_browser_return_url;
    return this.returnTo.allowed(flow.returnTo) ?? configured ?? this.selfservice.default_browser_return_url;
  }

  /** To the form. */
  form(flowId: string): string {
    return this.urls.ui('login', { flow: flowId });
  }

  /** To the start of another flow. */
  startAgain(flow: LoginFlow): FlowStart {
    if (flow.type === 'api') return { api: this.urls.public('/self-service/login/api') };
    const query = flow.returnTo === null ? undefined : { return_to: flow.returnTo };
    return {
      redirect_to: this.urls.public('/self-service/login/browser', query),
      return_to: flow.returnTo ?? '',
    };
  }
}
