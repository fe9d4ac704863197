import { Inject, Injectable } from '@nestjs/common';
import { Urls } from '../../../config/index.js';
import { expiredMessage } from '../../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf } from '../../../platform/http/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { ReturnToService } from '../../return-to.service.js';
import type { SettingsFlowView } from '../flow/settings-flow.view.js';
import { SettingsFlows } from '../persistence/settings-flows.js';

/** Starts a flow that replaces an expired one, and resolves to its id. Its form says that the old one expired. */
@Injectable()
export class ReplaceSettings {
  constructor(
    private readonly flows: SettingsFlows,
    private readonly returnTo: ReturnToService,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  async run(over: SettingsFlowView, caller: Caller): Promise<string> {
    return this.flows.insert({
      type: over.type,
      identityId: over.identityId,
      requestUrl: this.urls.public('/self-service/settings', { flow: over.id }),
      returnTo: this.returnTo.allowed(over.returnTo) === undefined ? null : over.returnTo,
      csrfDigest: this.csrf.bind(over, caller),
      messages: [expiredMessage(MessageId.SettingsFlowExpired, over)],
    });
  }
}
