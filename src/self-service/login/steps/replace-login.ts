import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../../config/index.js';
import { expiredMessage } from '../../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf } from '../../../platform/http/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { type LoginFlow, LoginFlows } from '../persistence/login-flows.js';

/** Starts a flow that replaces one that is over. It has the same purpose, and its form says so. */
@Injectable()
export class ReplaceLogin {
  constructor(
    private readonly flows: LoginFlows,
    private readonly selfservice: SelfServiceConfig,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  async run(over: LoginFlow, caller: Caller): Promise<LoginFlow> {
    return this.flows.insert({
      type: over.type,
      requestUrl: over.requestUrl,
      returnTo: over.returnTo,
      refresh: over.refresh,
      identityId: over.refresh ? over.identityId : null,
      csrfDigest: this.csrf.bind(over, caller),
      messages: [expiredMessage(MessageId.LoginFlowExpired, over)],
      lifespanSeconds: this.selfservice.flows.login.lifespan.seconds,
    });
  }
}
