import { Injectable } from '@nestjs/common';
import { Database, endedRows, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Purges expired settings flows and kept forms. */
@Injectable()
export class SettingsPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [
      endedRows(this.db, {
        name: 'kept settings forms',
        table: 'settings_continuation',
        key: 'flow_id',
        ended: 'expires_at',
        keepAtMost: 0, // they may contain a password, encrypted
      }),
      endedRows(this.db, { name: 'settings flows', table: 'settings_flow', ended: 'expires_at' }),
    ];
  }
}
