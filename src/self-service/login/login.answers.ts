import { Inject, Injectable } from '@nestjs/common';
import { Urls } from '../../config/index.js';
import type { DomainError } from '../../platform/errors/index.js';
import { FlowReplaced } from '../../platform/flow/index.js';
import { type Caller, Answer, CSRF, type Csrf, wantsJson } from '../../platform/http/index.js';
import { presentSession, SessionService } from '../../session/index.js';
import { ContinueAtProvider } from '../social/social.errors.js';
import type { SuccessfulLogin } from './login.dto.js';
import { AlreadyLoggedIn } from './login.errors.js';
import type { LoggedIn, LoginOutcome, LoginStart } from './login.outcome.js';
import { LoginPresenter } from './login.presenter.js';
import type { LoginFlow } from './persistence/login-flows.js';

/** Converts outcomes to JSON for native clients and single page apps, and to redirects for browsers. */
@Injectable()
export class LoginAnswers {
  constructor(
    private readonly presenter: LoginPresenter,
    private readonly sessions: SessionService,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  async ofStart(start: LoginStart, caller: Caller, json: boolean): Promise<Answer> {
    if (start.kind === 'started') return this.#form(200, start.flow, caller, json);
    return json ? refuse(new AlreadyLoggedIn()) : Answer.seeOther(start.goTo);
  }

  async ofSubmission(outcome: LoginOutcome, caller: Caller): Promise<Answer> {
    const json = wantsJson(caller);
    switch (outcome.kind) {
      case 'logged_in':
        return this.#loggedIn(outcome, json);
      case 'refused':
        return this.#form(400, outcome.flow, caller, json || outcome.flow.type === 'api');
      case 'replaced':
        if (!json && outcome.flow.type === 'browser') return Answer.seeOther(this.#page(outcome.flow));
        return refuse(new FlowReplaced(outcome.over, outcome.flow.id));
      case 'to_provider':
        return (json ? refuse(new ContinueAtProvider(outcome.goTo)) : Answer.seeOther(outcome.goTo)).withCookies(
          outcome.cookie,
        );
      case 'already_logged_in':
        return json ? refuse(new AlreadyLoggedIn()) : Answer.seeOther(outcome.goTo);
    }
  }

  async #form(status: number, flow: LoginFlow, caller: Caller, json: boolean): Promise<Answer> {
    return json ? Answer.json(status, await this.presenter.present(flow, caller)) : Answer.seeOther(this.#page(flow));
  }

  /** A native client gets the token in the body, a browser in its cookie; never both. */
  #loggedIn({ flow, session, token, device, goTo }: LoggedIn, json: boolean): Answer {
    const body = { session: presentSession(session, this.urls), continue_with: null } satisfies SuccessfulLogin;
    if (flow.type === 'api') return Answer.json(200, { session_token: token, ...body });
    const answer = json
      ? Answer.json(200, { ...body, continue_with: [{ action: 'redirect_browser_to', redirect_browser_to: goTo }] })
      : Answer.seeOther(goTo);
    return answer.withCookies(this.csrf.renew().cookie, this.sessions.cookie(token), device);
  }

  #page(flow: LoginFlow): string {
    return this.urls.ui('login', { flow: flow.id });
  }
}

const refuse = (error: DomainError): Answer => Answer.json(error.status, { error: error.toBody(), ...error.extra });
