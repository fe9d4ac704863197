import type { Caller } from '../../../platform/http/index.js';
import { Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig, Urls } from '../../../config/index.js';
import type { FlowType } from '../../../platform/flow/index.js';
import {
  lacksSecondFactor,
  SECOND_FACTOR_UNCHECKED,
  SecondFactorRequired,
  SessionService,
  type SessionView,
} from '../../../session/index.js';
import { SettingsSessionMissing } from '../settings.errors.js';

const NATIVE_SESSION = 'This endpoint can only be accessed with a valid session. Please log in and try again.';

/** Settings are for people who are signed in with every factor that is required of them. */
@Injectable()
export class RequireSession {
  constructor(
    private readonly sessions: SessionService,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
    private readonly urls: Urls,
  ) {}

  /**
   * To start a flow.
   * @throws SessionMissing, SecondFactorRequired
   */
  async toStart(caller: Caller, type: FlowType): Promise<SessionView> {
    const session = await this.sessions.require(caller, type === 'api' ? NATIVE_SESSION : undefined);
    return this.#checked(session);
  }

  /**
   * To read or submit one.
   * @throws SettingsSessionMissing, SecondFactorRequired
   */
  async toGoOn(caller: Caller): Promise<SessionView> {
    const session = await this.sessions.resolve(caller);
    if (!session) throw new SettingsSessionMissing();
    return this.#checked(session);
  }

  /** Keeps out a session without the second factor, which Regain cannot check. */
  #checked(session: SessionView): SessionView {
    if (!lacksSecondFactor(session)) return session;
    if (this.regain.recovery.second_factor === 'refuse')
      throw new SecondFactorRequired(this.urls, SECOND_FACTOR_UNCHECKED);
    if (this.selfservice.flows.settings.required_aal === 'highest_available') throw new SecondFactorRequired(this.urls);
    return session;
  }
}
