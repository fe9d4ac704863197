import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { handOverIsOpen } from '../sql.js';

/** Index: identity_pkey. */
const OPEN = `
  SELECT hand_over_session_id AS "sessionId", hand_over_tried_at IS NOT NULL AS tried
  FROM identity WHERE id = $1::uuid AND ${handOverIsOpen('identity')}`;

export interface OpenHandOver {
  /** the only session that is live while the hand-over is open */
  readonly sessionId: string;
  /** whether someone proved an older credential since the hand-over was opened */
  readonly tried: boolean;
}

/** Open hand-overs, as the owner's forms show them. */
@Injectable()
export class HandOvers {
  constructor(private readonly db: Database) {}

  /** Undefined if none is open. */
  async open(identityId: string): Promise<OpenHandOver | undefined> {
    return (await this.db.statement<OpenHandOver>('open_hand_over', OPEN, [identityId]))[0];
  }
}
