import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { handOverIsOpen } from '../sql.js';

/** Index: identity_pkey. */
const OPEN = `
  SELECT hand_over_session_id AS "sessionId", hand_over_tried_at IS NOT NULL AS tried
  FROM identity WHERE id = $1::uuid AND ${handOverIsOpen('identity')}`;

export interface OpenHandOver {
  /** the one session that is good while it is open */
  readonly sessionId: string;
  /** somebody had an older credential right since it was opened */
  readonly tried: boolean;
}

/** Accounts that are being handed over, as the forms of their owners show it. */
@Injectable()
export class HandOvers {
  constructor(private readonly db: Database) {}

  /** Undefined where none is open. */
  async open(identityId: string): Promise<OpenHandOver | undefined> {
    return (await this.db.statement<OpenHandOver>('open_hand_over', OPEN, [identityId]))[0];
  }
}
