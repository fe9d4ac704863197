import { Injectable } from '@nestjs/common';
import { FeatureFlagsConfig, Urls } from '../config/index.js';
import type { DomainError } from '../platform/errors/index.js';
import { FlowReplaced } from '../platform/flow/index.js';
import { type Caller, Answer, wantsJson } from '../platform/http/index.js';
import { SessionService } from '../session/index.js';
import { CodeFlowOver, ContinueInBrowser, SessionAlreadyAvailable } from './recovery.errors.js';
import type { FollowOutcome, ShownFlow, SignedIn, SubmitOutcome } from './recovery.outcome.js';
import { presentRecoveryFlow } from './recovery.presenter.js';

type Recovered = Extract<SubmitOutcome, { kind: 'recovered' }>;
type Over = Extract<SubmitOutcome, { kind: 'over' }>;

/** Converts outcomes to JSON for native clients and single page apps, and to redirects for browsers. */
@Injectable()
export class RecoveryAnswers {
  constructor(
    private readonly sessions: SessionService,
    private readonly urls: Urls,
    private readonly flags: FeatureFlagsConfig,
  ) {}

  ofFlow({ flow, csrfToken }: ShownFlow): Answer {
    return Answer.json(200, presentRecoveryFlow(flow, csrfToken, this.urls));
  }

  ofStart(started: ShownFlow | SignedIn, json: boolean): Answer {
    if (started.kind === 'signed_in') return this.#signedIn(started, json);
    return json ? this.ofFlow(started) : this.toForm(started.flow.id);
  }

  /** A single page app that follows an expired link reads the flow that says so. */
  ofLink(outcome: FollowOutcome, caller: Caller): Answer {
    switch (outcome.kind) {
      case 'confirm':
        return Answer.seeOther(outcome.page);
      case 'redeemed':
        return Answer.seeOther(this.urls.ui('settings', { flow: outcome.settingsFlowId })).withCookies(
          ...outcome.cookies,
        );
      case 'refused':
        return outcome.why === 'expired' && wantsJson(caller)
          ? this.#toFlow(outcome.flowId)
          : this.toForm(outcome.flowId).withCookies(outcome.cookie);
    }
  }

  ofSubmission(outcome: SubmitOutcome, caller: Caller): Answer {
    if (outcome.kind === 'signed_in') return this.#signedIn(outcome, wantsJson(caller));
    const json = wantsJson(caller) || ('flow' in outcome ? outcome.flow : outcome.over).type === 'api';
    switch (outcome.kind) {
      case 'taken':
        return json ? this.#submitted(200, outcome) : this.toForm(outcome.flow.id);
      case 'invalid':
        return json ? this.#submitted(400, outcome) : this.toForm(outcome.flow.id);
      case 'recovered':
        return this.#recovered(outcome, json);
      case 'over':
        return this.#over(outcome, json).withCookies(outcome.cookie);
    }
  }

  toForm(flow: string): Answer {
    return Answer.seeOther(this.urls.ui('recovery', { flow }));
  }

  #submitted(status: number, { flow, csrfToken }: Pick<ShownFlow, 'flow' | 'csrfToken'>): Answer {
    return Answer.json(status, { ...presentRecoveryFlow(flow, csrfToken, this.urls), transient_payload: {} });
  }

  /** A native client gets its token in the body, a browser in its cookie; never both. */
  #recovered({ flow, csrfToken, settingsFlowId, sessionToken, cookie }: Recovered, json: boolean): Answer {
    const page = this.urls.ui('settings', { flow: settingsFlowId });
    const settings = { action: 'show_settings_ui', flow: { id: settingsFlowId, url: page } };
    const body = { ...presentRecoveryFlow(flow, csrfToken, this.urls), transient_payload: {} };
    if (flow.type === 'api') {
      const token = { action: 'set_ory_session_token', ory_session_token: sessionToken };
      return Answer.json(200, { ...body, continue_with: [token, settings] });
    }
    const answer = !json
      ? Answer.seeOther(page)
      : this.flags.use_continue_with_transitions
        ? Answer.json(200, { ...body, continue_with: [settings] })
        : ofError(new ContinueInBrowser(page));
    return answer.withCookies(cookie, this.sessions.cookie(sessionToken));
  }

  #signedIn({ goTo }: SignedIn, json: boolean): Answer {
    return json ? ofError(new SessionAlreadyAvailable()) : Answer.found(goTo);
  }

  /**
   * Native clients are told where to continue. A single page app is redirected to the new flow only if the old one
   * expired.
   */
  #over({ why, over, flowId }: Over, json: boolean): Answer {
    if (!json) return this.toForm(flowId);
    const led = why === 'expired' && over.type === 'browser';
    if (led || !this.flags.use_continue_with_transitions) return this.#toFlow(flowId);
    const flow = { id: flowId, url: this.urls.ui('recovery', { flow: flowId }) };
    if (why !== 'expired') return ofError(new CodeFlowOver(why, flow));
    return ofError(new FlowReplaced(over, flowId, [{ action: 'show_recovery_ui', flow }]));
  }

  /** The flow's contents, as JSON. */
  #toFlow(id: string): Answer {
    return Answer.seeOther(this.urls.public('/self-service/recovery/flows', { id }));
  }
}

const ofError = (error: DomainError): Answer => Answer.json(error.status, { error: error.toBody(), ...error.extra });
