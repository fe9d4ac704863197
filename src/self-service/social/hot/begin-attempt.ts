import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { digest } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import type { SocialTarget } from '../social.view.js';

/** Index: none; stores what CONSUME compares. */
const INSERT = `
  INSERT INTO social_sign_in_state (id, digest, key_id, browser_digest, provider, pkce, flow_kind, flow_id, session_id, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + make_interval(secs => $10::float8))`;

/** Seconds that a person has to sign in at the provider. */
export const ATTEMPT_LIFETIME = 900;

export interface NewAttempt {
  readonly state: string;
  readonly keyId: string;
  /** the secret in the browser's cookie */
  readonly browser: string;
  readonly provider: string;
  readonly pkce: boolean;
  readonly target: SocialTarget;
}

@Injectable()
export class BeginAttempt {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
  ) {}

  async run({ state, keyId, browser, provider, pkce, target }: NewAttempt): Promise<void> {
    await this.db.statement('social_begin', INSERT, [
      this.random.uuid(),
      digest(state),
      keyId,
      digest(browser),
      provider,
      pkce,
      target.kind,
      target.flowId,
      target.kind === 'settings' ? target.sessionId : null,
      ATTEMPT_LIFETIME,
    ]);
  }
}
