import { Injectable } from '@nestjs/common';
import { Database, endedRows, ONE_DAY, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Purges old errors. */
@Injectable()
export class ErrorsPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [endedRows(this.db, { name: 'kept errors', table: 'flow_error', ended: 'created_at', keepAtMost: ONE_DAY })];
  }
}
