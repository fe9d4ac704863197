import { Injectable } from '@nestjs/common';
import { Urls } from '../../config/index.js';
import { type Caller, Answer, wantsJson } from '../../platform/http/index.js';
import { LoginAnswers } from '../login/login.answers.js';
import { LoginService } from '../login/login.service.js';
import { SettingsAnswers } from '../settings/settings.answers.js';
import { SettingsSessionMissing } from '../settings/settings.errors.js';
import { SettingsSubmissions } from '../settings/settings.submissions.service.js';
import type { SettingsArrival, SocialArrival } from './social.view.js';

/** Leads people who return from a provider back to their form, which decides what happens next. */
@Injectable()
export class SocialAnswers {
  constructor(
    private readonly login: LoginService,
    private readonly loginAnswers: LoginAnswers,
    private readonly settings: SettingsSubmissions,
    private readonly settingsAnswers: SettingsAnswers,
    private readonly urls: Urls,
  ) {}

  async of(arrival: SocialArrival, caller: Caller): Promise<Answer> {
    const { target } = arrival;
    if (target.kind === 'settings') return this.#settings({ ...arrival, target }, caller);
    return this.loginAnswers.ofSubmission(await this.login.finish({ ...arrival, target }, caller), caller);
  }

  async #settings(arrival: SettingsArrival, caller: Caller): Promise<Answer> {
    try {
      return await this.settingsAnswers.of(await this.settings.finish(arrival, caller), caller);
    } catch (error) {
      if (error instanceof SettingsSessionMissing && !wantsJson(caller)) return Answer.seeOther(this.urls.ui('login'));
      throw error;
    }
  }
}
