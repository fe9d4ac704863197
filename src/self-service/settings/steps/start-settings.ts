import { Inject, Injectable } from '@nestjs/common';
import { Urls } from '../../../config/index.js';
import { type FlowType, queryOf, redactRequestUrl } from '../../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf, queryText } from '../../../platform/http/index.js';
import { ReturnToService } from '../../return-to.service.js';
import { SettingsFlows } from '../persistence/settings-flows.js';

/** Starts a settings flow and resolves to its id. */
@Injectable()
export class StartSettings {
  constructor(
    private readonly flows: SettingsFlows,
    private readonly returnTo: ReturnToService,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /**
   * Reads `return_to` from the query.
   * @throws ReturnToForbidden
   */
  async run(caller: Caller, type: FlowType, identityId: string): Promise<string> {
    const returnTo = this.returnTo.given(queryText(caller, 'return_to')) ?? null;
    return this.flows.insert({
      type,
      identityId,
      requestUrl: redactRequestUrl(this.urls.public(`/self-service/settings/${type}`) + queryOf(caller.url)),
      returnTo,
      csrfDigest: this.csrf.bind({ type }, caller),
    });
  }
}
