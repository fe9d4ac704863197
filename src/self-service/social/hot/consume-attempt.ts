import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { digest } from '../../../platform/keys/index.js';
import type { SocialTarget } from '../social.view.js';

/**
 * HOT: every callback from a provider, hostile or not, ends here.
 * Invariant: an attempt is answered once, in the browser and by the provider that it started with. A request that has
 * only part of this uses nothing up.
 * Index: social_sign_in_state_digest_unique.
 * Guarded by: consume-attempt.race.spec.ts
 */
const CONSUME = `
  UPDATE social_sign_in_state SET used_at = clock_timestamp()
  WHERE digest = $1 AND browser_digest = $2 AND provider = $3 AND used_at IS NULL AND expires_at > clock_timestamp()
  RETURNING key_id AS "keyId", pkce, flow_kind AS kind, flow_id AS "flowId", session_id AS "sessionId",
    used_at::text AS since, expires_at > clock_timestamp() AS open`;

interface Row {
  keyId: string;
  pkce: boolean;
  kind: 'login' | 'settings';
  flowId: string;
  sessionId: string | null;
  since: string;
  open: boolean;
}

export interface ConsumedAttempt {
  readonly keyId: string;
  readonly pkce: boolean;
  /** when the answer arrived: a time from the database, as text */
  readonly since: string;
  readonly target: SocialTarget;
}

@Injectable()
export class ConsumeAttempt {
  constructor(private readonly db: Database) {}

  /** Undefined for a state that is unknown, used or expired, or that belongs to another browser or provider. */
  async run(given: { state: string; browser: string; provider: string }): Promise<ConsumedAttempt | undefined> {
    const values = [digest(given.state), digest(given.browser), given.provider];
    const [row] = await this.db.statement<Row>('social_consume', CONSUME, values);
    if (!row?.open) return undefined;
    const { keyId, pkce, since, kind, flowId, sessionId } = row;
    return {
      keyId,
      pkce,
      since,
      target: kind === 'settings' ? { kind, flowId, sessionId: sessionId ?? '' } : { kind, flowId },
    };
  }
}
