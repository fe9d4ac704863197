import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig, Urls } from '../../../config/index.js';
import { BadRequest } from '../../../platform/errors/index.js';
import { type FlowType, queryOf, redactRequestUrl } from '../../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf, queryText } from '../../../platform/http/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import { SessionService, type SessionView } from '../../../session/index.js';
import { ReturnToService } from '../../return-to.service.js';
import { FirstFactorRequired } from '../login.errors.js';
import type { LoginStart } from '../login.outcome.js';
import { LoginFlows } from '../persistence/login-flows.js';

/** Starts a login flow, unless the person is signed in and did not ask to confirm that. */
@Injectable()
export class StartLogin {
  constructor(
    private readonly flows: LoginFlows,
    private readonly sessions: SessionService,
    private readonly returnTo: ReturnToService,
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /** @throws ReturnToForbidden, FirstFactorRequired, BadRequest */
  async run(caller: Caller, type: FlowType): Promise<LoginStart> {
    const asked = queryText(caller, 'return_to');
    const returnTo = this.returnTo.check(asked);
    const session = await this.sessions.resolve(caller);
    refuseSecondFactor(queryText(caller, 'aal') ?? 'aal1', session);
    const refresh = session !== undefined && queryText(caller, 'refresh') === 'true';
    if (session && !refresh) {
      return { kind: 'already_logged_in', goTo: returnTo ?? this.selfservice.default_browser_return_url };
    }
    const flow = await this.flows.insert({
      type,
      requestUrl: redactRequestUrl(this.urls.public(`/self-service/login/${type}`) + queryOf(caller.url)),
      returnTo: asked ?? null,
      refresh,
      identityId: refresh ? session.identity.id : null,
      csrfDigest: this.csrf.bind({ type }, caller),
      messages: refresh ? [{ id: MessageId.ConfirmItIsYou }] : [],
      lifespanSeconds: this.selfservice.flows.login.lifespan.seconds,
    });
    return { kind: 'started', flow };
  }
}

function refuseSecondFactor(aal: string, session: SessionView | undefined): void {
  if (aal === 'aal1') return;
  if (aal !== 'aal2' && aal !== 'aal3') {
    throw new BadRequest(
      `Unable to parse AuthenticationMethod Assurance Level (AAL): expected one of [aal1, aal2], got "${aal}".`,
    );
  }
  if (!session) throw new FirstFactorRequired();
  throw new BadRequest('A second factor was asked for, which this server cannot check.');
}
