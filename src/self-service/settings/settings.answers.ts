import { Injectable } from '@nestjs/common';
import { Urls } from '../../config/index.js';
import type { DomainError } from '../../platform/errors/index.js';
import { FlowReplaced } from '../../platform/flow/index.js';
import { type Caller, Answer, wantsJson } from '../../platform/http/index.js';
import { SessionService } from '../../session/index.js';
import { ContinueAtProvider } from '../social/social.errors.js';
import { SessionRefreshRequired } from './settings.errors.js';
import type { SettingsOutcome, SettingsSaved } from './settings.outcome.js';
import { SettingsPresenter } from './settings.presenter.js';

/** Converts outcomes to JSON for native clients and single page apps, and to 303 for browsers. */
@Injectable()
export class SettingsAnswers {
  constructor(
    private readonly presenter: SettingsPresenter,
    private readonly sessions: SessionService,
    private readonly urls: Urls,
  ) {}

  async of(outcome: SettingsOutcome, caller: Caller): Promise<Answer> {
    const json = wantsJson(caller) || isNative(outcome);
    switch (outcome.kind) {
      case 'to_provider':
        return (json ? ofError(new ContinueAtProvider(outcome.goTo)) : Answer.seeOther(outcome.goTo)).withCookies(
          outcome.cookie,
        );
      case 'saved':
        return this.#saved(outcome, caller, json);
      case 'refused':
        if (!json) return this.toForm(outcome.flow.id);
        return Answer.json(400, await this.presenter.present(outcome.flow, outcome.identity, caller));
      case 'refresh_required':
        return (json ? ofError(new SessionRefreshRequired(outcome.goTo)) : Answer.seeOther(outcome.goTo)).withCookies(
          outcome.cookie,
        );
      case 'expired':
        if (!json) return this.toForm(outcome.useFlowId);
        return ofError(new FlowReplaced(outcome.over, outcome.useFlowId));
    }
  }

  toForm(flowId: string): Answer {
    return Answer.seeOther(this.urls.ui('settings', { flow: flowId }));
  }

  async #saved({ flow, identity, token, device, goTo }: SettingsSaved, caller: Caller, json: boolean): Promise<Answer> {
    const cookie = token === undefined ? undefined : this.sessions.cookie(token);
    if (!json) return Answer.seeOther(goTo).withCookies(cookie, device);
    const body = await this.presenter.present(flow, identity, caller);
    if (flow.type === 'api') return Answer.json(200, body);
    const continueWith = [{ action: 'redirect_browser_to', redirect_browser_to: goTo }];
    return Answer.json(200, { ...body, continue_with: continueWith }).withCookies(cookie, device);
  }
}

/** Providers are for browsers only. */
function isNative(outcome: SettingsOutcome): boolean {
  if (outcome.kind === 'to_provider') return false;
  return (outcome.kind === 'expired' ? outcome.over : outcome.flow).type === 'api';
}

const ofError = (error: DomainError): Answer => Answer.json(error.status, { error: error.toBody(), ...error.extra });
