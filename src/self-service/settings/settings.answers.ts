import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../../config/index.js';
import { Answer, HTTP_OPTIONS, type HttpOptions, serializeCookie, wantsJson } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { SessionService } from '../../session/index.js';
import { SessionRefreshRequired, SettingsFlowExpiredOnSubmit } from './settings.errors.js';
import type { SettingsOutcome, SettingsSaved } from './settings.outcome.js';
import { SettingsPresenter } from './settings.presenter.js';

/** Seconds. */
const CONTINUITY_LIFETIME = 900;

/** Turns outcomes into answers: JSON for native clients and single page apps, 303 for browsers. */
@Injectable()
export class SettingsAnswers {
  constructor(
    private readonly presenter: SettingsPresenter,
    private readonly sessions: SessionService,
    private readonly urls: Urls,
    private readonly random: Random,
    @Inject(HTTP_OPTIONS) private readonly http: HttpOptions,
  ) {}

  of(outcome: SettingsOutcome, request: FastifyRequest): Answer {
    const json = wantsJson(request) || ('flow' in outcome ? outcome.flow : outcome.over).type === 'api';
    switch (outcome.kind) {
      case 'saved':
        return this.#saved(outcome, request, json);
      case 'refused':
        if (!json) return this.toForm(outcome.flow.id);
        return Answer.json(400, this.presenter.present(outcome.flow, outcome.identity, request));
      case 'refresh_required':
        return this.#refreshRequired(outcome, json);
      case 'expired':
        if (!json) return this.toForm(outcome.useFlowId);
        return ofError(new SettingsFlowExpiredOnSubmit({ ...outcome.over, useFlowId: outcome.useFlowId }));
    }
  }

  toForm(flowId: string): Answer {
    return Answer.seeOther(this.urls.ui('settings', { flow: flowId }));
  }

  #saved({ flow, identity, token, goTo }: SettingsSaved, request: FastifyRequest, json: boolean): Answer {
    const cookie = token === undefined ? undefined : this.sessions.cookie(token);
    if (!json) return Answer.seeOther(goTo).withCookies(cookie);
    const body = this.presenter.present(flow, identity, request);
    if (flow.type === 'api') return Answer.json(200, body);
    const continueWith = [{ action: 'redirect_browser_to', redirect_browser_to: goTo }];
    return Answer.json(200, { ...body, continue_with: continueWith }).withCookies(cookie);
  }

  #refreshRequired({ flow, goTo }: Extract<SettingsOutcome, { kind: 'refresh_required' }>, json: boolean): Answer {
    const cookie = flow.type === 'browser' ? this.#continuity() : undefined;
    return (json ? ofError(new SessionRefreshRequired(goTo)) : Answer.seeOther(goTo)).withCookies(cookie);
  }

  /** Clients of Kratos expect the cookie. It stands for nothing: what the form held is not kept, least of all a password. */
  #continuity(): string {
    return serializeCookie('ory_kratos_continuity', this.random.base62(32), {
      ...this.http.cookies,
      maxAge: CONTINUITY_LIFETIME,
    });
  }
}

const ofError = (error: SessionRefreshRequired | SettingsFlowExpiredOnSubmit): Answer =>
  Answer.json(error.status, { error: error.toBody(), ...error.extra });
