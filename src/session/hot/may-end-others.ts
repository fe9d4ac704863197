import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { handOverWasAbandoned } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';
import { OthersKept } from '../session.errors.js';

/** $1 identity, $2 session, $3 seconds. Index: identity_pkey. */
const HELD = `
  SELECT 1 AS one FROM identity
  WHERE id = $1::uuid AND hand_over_session_id IS DISTINCT FROM $2::uuid AND ${handOverWasAbandoned('identity', '$3')}`;

/** After a recovery that was begun and not finished nobody but a new one puts others out. */
@Injectable()
export class MayEndOthers {
  constructor(
    private readonly db: Database,
    private readonly regain: RegainConfig,
  ) {}

  /** @throws OthersKept */
  async check(identityId: string, sessionId: string): Promise<void> {
    const { seconds } = this.regain.recovery.after_abandoned;
    const held = await this.db.statement('session_may_end_others', HELD, [identityId, sessionId, seconds]);
    if (held.length > 0) throw new OthersKept();
  }
}
