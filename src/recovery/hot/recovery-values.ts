import { Injectable } from '@nestjs/common';
import { eventValues } from '../../audit/sql.js';
import { endsOtherSessions, RegainConfig, SelfServiceConfig, SessionConfig } from '../../config/index.js';
import { Notices } from '../../courier/index.js';
import { Clock } from '../../platform/clock/index.js';
import type { Duration } from '../../platform/duration/index.js';
import type { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import type { Rules } from './consequences.js';

export interface Recovery {
  /** digest of the new session's token */
  sessionTokenDigest: Buffer;
  /** digest of the new CSRF seed; null for native clients */
  csrfDigest: Buffer | null;
  /** digest of the token of the session that the client sent; null: it sent none */
  previousTokenDigest: Buffer | null;
  /** the URL that was followed or posted to, without its secret */
  requestUrl: string;
}

/** What redemption statements need in addition to the secret: rules for their text, values for their placeholders. */
@Injectable()
export class RecoveryValues {
  readonly rules: Rules;
  readonly #limits: { min: Duration; max: Duration };

  constructor(
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly session: SessionConfig,
    private readonly selfservice: SelfServiceConfig,
    private readonly notices: Notices,
    { recovery }: RegainConfig,
  ) {
    this.#limits = recovery.hand_over_limits;
    this.rules = {
      handsOver: recovery.hand_over,
      siblingsEnd: recovery.invalidate_siblings,
      othersEnd: recovery.revoke_sessions || endsOtherSessions(selfservice.flows.recovery.after),
      previousEnds: recovery.end_previous_session,
      uniform: recovery.uniform_failures,
      ignoresSecondFactor: recovery.second_factor === 'ignore',
      addressMinAge: recovery.address_min_age.seconds,
      told: notices.on,
    };
  }

  /** Values for the placeholders of `consequences`. */
  make(recovery: Recovery, settingsFlowId: string, current: CurrentRequest): Record<string, unknown> {
    const context = current.get();
    const { settings, recovery: flow } = this.selfservice.flows;
    const window = settings.privileged_session_max_age.seconds;
    const notice = this.notices.recovered();
    return {
      request_url: recovery.requestUrl,
      session_id: this.random.uuid(),
      session_token_digest: recovery.sessionTokenDigest,
      session_seconds: this.session.lifespan.seconds,
      previous_token_digest: recovery.previousTokenDigest,
      device_id: this.random.uuid(),
      network: context.network,
      user_agent: context.userAgent,
      settings_flow_id: settingsFlowId,
      settings_seconds: settings.lifespan.seconds,
      default_return_to: flow.after.default_browser_return_url ?? null,
      csrf_digest: recovery.csrfDigest,
      hand_over_seconds: Math.min(Math.max(window, this.#limits.min.seconds), this.#limits.max.seconds),
      window_seconds: window,
      window_minutes: (window / 60).toFixed(2),
      notice_data: notice.data,
      notice_correlation_id: notice.correlationId,
      locale_path: notice.localePath,
      event_id: this.random.uuidV7(this.clock.now()),
      revoked_event_id: this.random.uuidV7(this.clock.now()),
      ...eventValues(context),
    };
  }
}
