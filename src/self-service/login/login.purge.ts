import { Injectable } from '@nestjs/common';
import { Database, endedRows, ONE_DAY, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Offers expired login flows for removal. */
@Injectable()
export class LoginPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    const flows = { table: 'login_flow', ended: 'expires_at' };
    return [
      endedRows(this.db, {
        ...flows,
        name: 'login flows of nobody',
        where: 'completed_at IS NULL AND identity_id IS NULL',
        keepAtMost: ONE_DAY,
      }),
      endedRows(this.db, { ...flows, name: 'login flows' }),
    ];
  }
}
